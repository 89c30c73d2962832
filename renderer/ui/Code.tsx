import { Text } from '@mantine/core';
import { spaced } from '../../contract/pairing-code.ts';

/** Six digits to be read aloud and typed elsewhere: large, in two groups, always from left to right. */
export function Code({ label, code }: { label: string; code: string }) {
  return (
    <div>
      <Text size="sm">{label}</Text>
      <output className="pairing-code" dir="ltr" aria-label={`${label}: ${[...code].join(' ')}`}>
        {spaced(code)}
      </output>
    </div>
  );
}
