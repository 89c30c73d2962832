import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Workshop } from './clinic-folder.ts';
import type { DeskOrder, DeskResult } from './desks.ts';
import { rate } from './figures.ts';
import { startHelper } from './helper.ts';
import { issue, openFull } from './tokens.ts';

type Profile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
};

/** Where the server's time goes while 32 desks give tokens as fast as they can. */
export async function profileServer(shop: Workshop): Promise<string> {
  const node = [
    '--cpu-prof',
    `--cpu-prof-dir=${shop.folder}`,
    '--cpu-prof-name=server.cpuprofile',
    '--enable-source-maps',
  ];
  const clinic = await openFull(shop, 'profile', {}, node);
  const desks = startHelper<DeskOrder, DeskResult>('./desks.ts');
  let perSecond = 0;
  try {
    perSecond = await issue(clinic, desks, { clients: 32, seconds: 8, queues: 64 });
  } finally {
    desks.stop();
    await clinic.stop();
  }
  const file = readdirSync(shop.folder).find((name) => name.endsWith('.cpuprofile')) as string;
  return `32 desks: ${rate(perSecond)} while profiled\n${report(JSON.parse(readFileSync(path.join(shop.folder, file), 'utf8')) as Profile)}`;
}

function report({ nodes, samples, timeDeltas }: Profile): string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const self = new Map<string, number>();
  const inclusive = new Map<string, number>();
  let total = 0;
  samples.forEach((id, index) => {
    const took = timeDeltas[index] ?? 0;
    const frames = new Set<string>();
    const own = nameOf(byId.get(id));
    if (own.startsWith('(idle)') || own.startsWith('(program)')) return;
    total += took;
    self.set(own, (self.get(own) ?? 0) + took);
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) frames.add(nameOf(byId.get(at)));
    for (const frame of frames) inclusive.set(frame, (inclusive.get(frame) ?? 0) + took);
  });
  const top = (times: Map<string, number>, count: number) =>
    [...times]
      .sort((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(([name, took]) => `  ${((100 * took) / total).toFixed(1).padStart(5)} %  ${name}`)
      .join('\n');
  return `Self time\n${top(self, 40)}\nWith everything called from there\n${top(inclusive, 60)}\n`;
}

function nameOf(node: Profile['nodes'][number] | undefined): string {
  const { functionName = '?', url = '', lineNumber = 0 } = node?.callFrame ?? {};
  const file = url.split('/').slice(-1)[0] ?? '';
  return `${functionName || '(anonymous)'}${file ? ` ${file}:${lineNumber + 1}` : ''}`;
}
