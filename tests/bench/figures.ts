/** One line of the report: what was measured, against which limit, and what was hoped for. */
export type Figure = Readonly<{
  group: string;
  what: string;
  /** In words, with units: the reader must not guess. */
  measured: string;
  limit?: string;
  goal?: string;
  /** Absent where there is no goal. */
  met?: boolean;
  /** How far from the goal, when it is missed. */
  miss?: string;
}>;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
};

type Sort = 'least' | 'most';

/** A figure with a goal: at least, or at most, so many times the limit (or so much, where the goal is absolute). */
export function judged(
  group: string,
  what: string,
  value: number,
  sort: Sort,
  goal: number,
  text: Readonly<{ measured: string; limit?: string; unit: string }>,
): Figure {
  const met = sort === 'least' ? value >= goal : value <= goal;
  return {
    group,
    what,
    measured: text.measured,
    ...(text.limit ? { limit: text.limit } : {}),
    goal: `${sort === 'least' ? '≥' : '≤'} ${goal} ${text.unit}`,
    met,
    ...(met
      ? {}
      : { miss: `${Math.round((100 * Math.abs(value - goal)) / goal)} % ${sort === 'least' ? 'below' : 'above'}` }),
  };
}

export const rate = (perSecond: number): string => `${Math.round(perSecond).toLocaleString('en')}/s`;
export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`;
export const times = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ×`;
export const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;

const verdictOf = ({ met, miss }: Figure): string => (met === undefined ? '–' : met ? 'met' : `MISSED, ${miss}`);

/** For the terminal. */
export function asTable(figures: readonly Figure[]): string {
  const lines: string[] = [];
  for (const group of new Set(figures.map((one) => one.group))) {
    lines.push('', group);
    for (const figure of figures.filter((one) => one.group === group)) {
      const goal = figure.goal ? `   goal ${figure.goal}: ${verdictOf(figure)}` : '';
      lines.push(`  ${figure.what.padEnd(52)} ${figure.measured}${figure.limit ? `   [${figure.limit}]` : ''}${goal}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** For docs/benchmarks.md. */
export function asMarkdown(figures: readonly Figure[]): string {
  const lines: string[] = [];
  for (const group of new Set(figures.map((one) => one.group))) {
    lines.push(
      '',
      `## ${group}`,
      '',
      '| what | measured | limit in the same run | goal | verdict |',
      '|---|---|---|---|---|',
    );
    for (const figure of figures.filter((one) => one.group === group)) {
      lines.push(
        `| ${[figure.what, figure.measured, figure.limit ?? '', figure.goal ?? '', verdictOf(figure)].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
