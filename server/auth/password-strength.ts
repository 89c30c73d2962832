/// <reference path="./common-passwords.d.ts" />
import type { Problem } from '../../contract/errors.ts';
import { words } from '../../domain/patient.ts';
import { ROLES } from '../../domain/people.ts';
import type { Reader } from '../db/connection.ts';

type Rows = Pick<Reader, 't'> & { db: Pick<Reader['db'], 'select'> };
type Weakness = { problem: Problem<'weak_password'>; word?: string };

const AT_LEAST = 10;
/** Of zxcvbn's 0–4: 3 withstands 10^8 guesses, which the locks of an account and the cost of Argon2id make years. */
const STRONG = 3;
/** Its time grows with the cube of the length: so many letters decide, and what follows makes nothing weaker. */
const LOOKED_AT = 40;

/** What zxcvbn says of a password, in the words of the contract. */
const PROBLEMS: Readonly<Record<string, Problem<'weak_password'>>> = {
  straightRow: 'keyboard',
  keyPattern: 'keyboard',
  simpleRepeat: 'pattern',
  extendedRepeat: 'pattern',
  sequences: 'pattern',
  recentYears: 'dates',
  dates: 'dates',
  topTen: 'common',
  topHundred: 'common',
  common: 'common',
  similarToCommon: 'common',
  wordByItself: 'one_word',
  namesByThemselves: 'one_word',
  commonNames: 'one_word',
};

type Judge = (password: string, personal: string[]) => { score: number; warning: string | null };
let judge: Promise<Judge> | undefined;

/** Its word lists take 27 MiB: they are loaded when somebody first chooses a password. */
async function loadJudge(): Promise<Judge> {
  const [{ default: known }, { ZxcvbnFactory }, common, english] = await Promise.all([
    import('fxa-common-password-list'),
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  const { warnings, ...translations } = english.translations;
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    // Codes instead of sentences: what is shown is said in the person's language.
    translations: {
      ...translations,
      warnings: Object.fromEntries(Object.keys(warnings).map((code) => [code, code])) as typeof warnings,
    },
  });
  return (password, personal) => {
    const { score, feedback } = zxcvbn.check(password, personal);
    // Of the 50,000 commonest more than 3,000 are long enough to be tried here (ASVS 6.2.4).
    if (score >= STRONG && known.test(password.toLowerCase())) return { score: 0, warning: 'common' };
    return { score, warning: feedback.warning };
  };
}

/** What the clinic and its branches are called: words that somebody who guesses here tries early. */
export async function clinicNames({ t, db }: Rows): Promise<string[]> {
  return (await db.select({ name: t.branches.name }).from(t.branches)).map(({ name }) => name);
}

/** A name's words, and the name in one word. */
const spelt = (name: string): string[] => [...words(name), words(name).join('')];

/**
 * Why a password will not do, or null. `personal`: what others know of whoever chooses it, which it must not contain;
 * `local`: names that only make it easier to guess, as the roles do.
 */
export async function weakness(
  password: string,
  personal: readonly string[],
  local: readonly string[],
): Promise<Weakness | null> {
  const lower = password.toLowerCase();
  if ([...password].length < AT_LEAST) return { problem: 'too_short' };
  const own = personal.flatMap(words);
  const word = own.find((one) => one.length > 3 && lower.includes(one));
  if (word) return { problem: 'personal', word };
  judge ??= loadJudge();
  const { score, warning } = (await judge)([...password].slice(0, LOOKED_AT).join(''), [
    ...own,
    ...local.flatMap(spelt),
    ...ROLES,
    'medlane',
  ]);
  return score >= STRONG ? null : { problem: PROBLEMS[warning ?? ''] ?? 'guessable' };
}
