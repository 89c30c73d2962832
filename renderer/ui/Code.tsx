import { Text } from '@mantine/core';
import { spaced } from '../../contract/pairing-code.ts';

/** Six digits to be read aloud and typed elsewhere: large, in two groups, always from left to right. `far`: from across a hall. */
export function Code({ label, code, far = false }: { label: string; code: string; far?: boolean }) {
  return (
    <div className="pairing-code">
      <Text size={far ? 'lg' : 'sm'}>{label}</Text>
      <output dir="ltr" data-far={far || undefined} aria-label={`${label}: ${[...code].join(' ')}`}>
        {spaced(code)}
      </output>
    </div>
  );
}
