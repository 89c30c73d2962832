import PDFDocument from 'pdfkit';
import { PAPER_LANGUAGES } from '../../domain/paper.ts';
import { papersIn } from '../paper/samples.ts';
import { type Figure, judged, median, ms, times } from './figures.ts';

const group = 'Papers';

/** What the server spends on a paper once its letters are open, beside an empty page of the same library. */
export async function benchPaper(rounds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const language of PAPER_LANGUAGES) {
    const papers = papersIn(language);
    figures.push(await beside(`Slip of 80 mm, ${language}`, () => papers.slip('80'), 5, rounds));
    figures.push(await beside(`Day report, ${language}`, papers.report, 50, rounds));
  }
  return figures;
}

/** Alternating, so that both meet the same machine; the first rounds open fonts and are not counted. */
async function beside(what: string, make: () => Promise<unknown>, goal: number, rounds: number): Promise<Figure> {
  const seen = { paper: [] as number[], empty: [] as number[] };
  for (let round = -3; round < rounds; round += 1) {
    const [empty, paper] = [await spentOn(emptyPage), await spentOn(make)];
    if (round < 0) continue;
    seen.empty.push(empty);
    seen.paper.push(paper);
  }
  const [paper, empty] = [median(seen.paper), median(seen.empty)];
  return judged(group, what, Number(paper.toFixed(2)), 'most', goal, {
    measured: `${ms(paper)} = ${times(paper / empty)}`,
    limit: `an empty page ${ms(empty)}`,
    unit: 'ms',
  });
}

/** The processor's time for one, in ms: it is what the server's one thread has not for others. */
async function spentOn(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < BATCH; n += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / BATCH;
}
const BATCH = 20;

async function emptyPage(): Promise<Buffer> {
  const doc = new PDFDocument({ size: 'A4', tagged: true, lang: 'en' });
  doc.end();
  const chunks: Buffer[] = [];
  for await (const chunk of doc) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
