import type { Stage } from './clinic.ts';
import { brief, type Fact, type Ledger, type VisitView, visitOf } from './ledger.ts';
import type { Chance } from './random.ts';
import type { FeedEntry } from './watch.ts';

export type StoredVisit = Awaited<ReturnType<Stage['admin']['ask']['visits']['list']>>['items'][number];

export async function storedVisits({ admin }: Stage): Promise<Map<string, StoredVisit>> {
  const stored = new Map<string, StoredVisit>();
  let cursor: string | null | undefined;
  do {
    const page = await admin.ask.visits.list({ limit: 500, ...(cursor ? { cursor } : {}) });
    for (const visit of page.items) stored.set(visit.id, visit);
    cursor = page.nextCursor;
  } while (cursor);
  return stored;
}

const accepted = ({ facts }: Ledger, ...names: string[]) =>
  facts.filter(({ name, reply }) => reply.ok && (names.length === 0 || names.includes(name)));

/** No number twice, none left out: from the answers; the store only explains what others did on a shared server. */
export function checkNumbers(ledger: Ledger, stage: Stage, stored: ReadonlyMap<string, StoredVisit>): void {
  const series = new Map<string, Map<number, string>>();
  const note = (token: string, day: string, visitId: string) => {
    const [, code = '', number = ''] = /^(.+)-(\d+)$/.exec(token) ?? [];
    const key = `${code} on ${day}`;
    const numbers = series.get(key) ?? new Map<number, string>();
    series.set(key, numbers);
    const other = numbers.get(Number(number));
    if (other && other !== visitId)
      ledger.violation(`Number ${token} of ${day} was given twice: to ${other} and to ${visitId}`);
    numbers.set(Number(number), visitId);
  };
  const mine = new Set<string>();
  for (const fact of accepted(ledger, 'visits.issue')) {
    const visit = visitOf(fact) as VisitView;
    mine.add(visit.id);
    if (stage.before.tokens.has(visit.token)) ledger.violation(`Number ${visit.token} was used before the day began`);
    note(visit.token, visit.clinicDay, visit.id);
  }
  for (const visit of stored.values()) {
    const others = !mine.has(visit.id);
    if (others && stage.before.tokens.size === 0)
      ledger.violation(`The store has ${visit.token}, which nobody was given`);
    note(visit.token, visit.clinicDay, visit.id);
  }
  for (const [key, numbers] of series) {
    const highest = Math.max(...numbers.keys());
    const absent = Array.from({ length: highest }, (_, index) => index + 1).filter((number) => !numbers.has(number));
    if (absent.length > 0)
      ledger.violation(`Numbers of ${key} have gaps: ${absent.slice(0, 10).join(', ')} of ${highest} are missing`);
  }
}

/** Every accepted command stands in the feed, in an order that agrees with who knew what when; the last one is the state. */
export function checkVisits(
  ledger: Ledger,
  stored: ReadonlyMap<string, StoredVisit>,
  feed: readonly FeedEntry[],
): void {
  const places = new Map<string, number>();
  const lastOf = new Map<string, FeedEntry>();
  for (const entry of feed) {
    if (entry.event !== 'visit.changed') continue;
    const visitId = String(entry.payload['visitId']);
    if (entry.commandId) places.set(`${entry.commandId} ${visitId}`, entry.seq);
    lastOf.set(visitId, entry);
  }
  const byVisit = new Map<string, { fact: Fact; visit: VisitView; seq: number }[]>();
  for (const fact of accepted(ledger)) {
    const visit = visitOf(fact);
    if (!visit) continue;
    const seq = places.get(`${fact.commandId} ${visit.id}`);
    if (seq === undefined) {
      ledger.violation(`${fact.name} ${fact.commandId} (${visit.token}) was accepted and is not in the feed`);
      continue;
    }
    byVisit.set(visit.id, [...(byVisit.get(visit.id) ?? []), { fact, visit, seq }]);
  }
  for (const [visitId, known] of byVisit) {
    const now = stored.get(visitId);
    if (!now) {
      ledger.violation(`${known[0]?.visit.token} was given out and is not in the store`);
      continue;
    }
    checkOrder(
      ledger,
      known.sort((a, b) => a.seq - b.seq),
    );
    checkLast(ledger, now, known.at(-1) as (typeof known)[number], lastOf.get(visitId) as FeedEntry);
  }
}

type Step = { fact: Fact; visit: VisitView; seq: number };

/** Whoever sent after another was answered comes later; versions of a step only grow. */
function checkOrder(ledger: Ledger, steps: readonly Step[]): void {
  const versions = new Map<string, number>();
  let latestSent = 0;
  for (const { fact, visit } of steps) {
    if (fact.answered < latestSent)
      ledger.violation(
        `${fact.name} on ${visit.token} was answered before a command was sent that the feed has earlier`,
      );
    latestSent = Math.max(latestSent, fact.sent);
    const before = versions.get(visit.stepId) ?? 0;
    if (visit.version <= before)
      ledger.violation(`${fact.name} on ${visit.token} answered version ${visit.version} after ${before}`);
    versions.set(visit.stepId, visit.version);
  }
}

/** The store has what the last accepted command answered, unless another command moved this visit on as its side effect. */
function checkLast(ledger: Ledger, now: StoredVisit, last: Step, feedLast: FeedEntry): void {
  const told = last.visit;
  const aside = feedLast.seq !== last.seq;
  const said = `${told.token}: the last accepted command on it was ${last.fact.name}, answered ${told.state} v${told.version}; the store has ${now.state} v${now.version}`;
  if (now.token !== told.token || now.arrivedAt !== told.arrivedAt)
    ledger.violation(`${said} (token or arrival changed)`);
  if (now.state !== feedLast.payload['state'])
    ledger.violation(`${said}, the feed ${String(feedLast.payload['state'])}`);
  if (aside) {
    if (now.stepId === told.stepId && now.version < told.version) ledger.violation(`${said}: it went back`);
    return;
  }
  const fields = [
    'state',
    'version',
    'stepId',
    'queueId',
    'patientId',
    'priority',
    'roomId',
    'callCount',
    'calledAt',
    'enteredAt',
    'endedAt',
  ] as const;
  for (const field of fields)
    if (now[field] !== told[field])
      ledger.violation(`${said} (${field}: ${brief(told[field])} and ${brief(now[field])})`);
}

/** Numbers without a gap from the day's beginning on, and the follower heard all of it and nothing else. */
export function checkFeed(
  ledger: Ledger,
  since: number,
  feed: readonly FeedEntry[],
  heard: ReadonlyMap<number, FeedEntry>,
): void {
  feed.forEach((entry, index) => {
    if (entry.seq !== since + index + 1)
      ledger.violation(`The feed has ${entry.seq} where ${since + index + 1} belongs`);
    const live = heard.get(entry.seq);
    if (!live) ledger.violation(`A screen that listened never heard of change ${entry.seq} (${entry.event})`);
    else if (brief([live.event, live.payload, live.commandId]) !== brief([entry.event, entry.payload, entry.commandId]))
      ledger.violation(`Change ${entry.seq} was pushed as ${brief(live)} and is ${brief(entry)}`);
  });
  if (heard.size > feed.length)
    ledger.violation(`A screen heard of ${heard.size - feed.length} changes that the feed does not have`);
}

export async function wholeFeed({ admin, before }: Stage): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = [];
  for (let since = before.seq; ; ) {
    const page = await admin.ask.changes.since({ since, limit: 1000 });
    entries.push(...page.entries);
    since = page.seq;
    if (!page.more) return entries;
  }
}

/** Some of the day's commands once more, long after: the first answer, and nothing happens again. */
export async function repeatSome(ledger: Ledger, stage: Stage, chance: Chance, share: number): Promise<void> {
  const people = new Map(
    [stage.admin, ...stage.desks, ...stage.rooms.map(({ person }) => person)].map((person) => [
      person.username,
      person,
    ]),
  );
  for (const { commandId, name, input, who, reply } of [...ledger.facts]) {
    const person = people.get(who);
    if (!person || !chance.happens(share)) continue;
    ledger.counts.replays += 1;
    ledger.same(name, commandId, reply, await person.repeat(name, input, commandId));
  }
}
