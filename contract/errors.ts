/**
 * Every refusal that may cross a boundary: its HTTP status and what a person should do. The one table of this mapping.
 * `{name}` in a message is filled from the refusal's details.
 */
export const ERRORS = {
  // Any operation
  validation_failed: [400, 'Some fields are not right. Correct the ones named here and send it again.'],
  unauthenticated: [401, 'Please sign in.'],
  forbidden: [403, 'Your account may not do this. Ask an administrator if you need to.'],
  not_found: [404, 'There is no such record in this branch, or it is not yours to see.'],
  idempotency_mismatch: [
    409,
    'This command id was already used for something else. Send the command again with a new id.',
  ],
  too_large: [413, 'This is larger than the server accepts.'],
  rate_limited: [429, 'Too many requests. Wait a moment and try again.'],
  internal: [
    500,
    'Something went wrong on the server. Nothing was saved; try again, and tell an administrator if it happens twice.',
  ],
  unavailable: [503, 'The server cannot save right now. Nothing was lost; try again in a moment.'],

  // Queue and visits
  queue_closed: [409, 'Queue {queue} is closed. Open it first, or choose another queue.'],
  queue_paused: [409, 'Queue {queue} is paused. Resume it before calling.'],
  queue_empty: [404, 'Nobody is waiting in queue {queue} for this room.'],
  token_exists: [409, 'This patient already has token {token} in this queue today. Confirm to give a second one.'],
  invalid_transition: [400, 'This visit is {state}; {command} is possible only from: {allowed}.'],
  stale: [409, 'Someone was faster: the visit is now {state} (after {lastCommand}). Look again before you go on.'],
  reason_required: [400, 'This needs a reason.'],
  room_busy: [409, 'Token {token} is still in this room. Say what becomes of them: finish, return or no-show.'],
  room_not_serving: [409, 'This room does not serve queue {queue}. Change it under Queues and rooms.'],
  bound_elsewhere: [409, 'This patient waits for another room or doctor. Transfer them first.'],
  same_queue: [409, 'The patient already waits in queue {queue}. Choose another queue, a room or a doctor.'],
  undo_expired: [409, 'It is too late to undo this: {seconds} seconds have passed.'],
  nothing_to_undo: [409, 'There is nothing of yours to undo on this visit.'],

  // Desks
  only_elsewhere: [403, 'This desk belongs to its branch. Sign in in a browser to work in another one.'],
  only_station: [403, 'This is possible only from a paired desk.'],
  label_taken: [409, 'The label {token} already stands on another visit of that day.'],
  superseded: [409, 'The desk did not wait for this command: it gave its own label instead.'],
  settled: [409, 'Somebody has settled this already.'],
  protocol_too_old: [
    426,
    'This desk’s program is too old for the server. Install the newer one; what is not sent is kept.',
  ],
  protocol_too_new: [
    426,
    'The server is older than this desk’s program. Install the newer one there; what is not sent is kept.',
  ],

  // Patients
  archived: [409, 'This record is archived. Restore it first.'],
  already_merged: [409, 'This record has been merged into another one.'],
  same_record: [400, 'A record cannot be merged with itself.'],
  merge_gone: [409, 'This merge can no longer be undone: the records have changed since.'],
  numbers_exhausted: [
    409,
    'The registration number pattern has run out of numbers. Choose a longer pattern in the settings.',
  ],
  has_open_visit: [409, 'This patient is in the clinic now (token {token}). Finish or cancel the visit first.'],
  file_unreadable: [400, 'This file cannot be read as CSV: {problem}'],
  file_gone: [404, 'The uploaded file is no longer here. Upload it again.'],

  // People
  bad_credentials: [401, 'The name or the password is not right.'],
  locked_out: [429, 'Too many wrong passwords. Wait {minutes} minutes, or ask an administrator.'],
  blocked: [403, 'This account is blocked. Ask an administrator.'],
  second_factor: [401, 'The password is right. Now a second factor is needed.'],
  bad_code: [401, 'This code is not right, or it was used already. Type the newest one.'],
  ticket_over: [401, 'This took too long, or there were too many wrong codes. Begin again with the password.'],
  factor_needed: [409, 'Your role signs in with a second factor: it can be replaced, but not removed.'],
  key_not_here: [409, 'No security key answers on this page. Open the address that has a name, where yours was added.'],
  bad_key: [400, 'The security key’s answer does not fit. Try again.'],
  too_many_keys: [409, 'Ten security keys are enough. Remove one that is not used any more.'],
  no_factor: [409, 'This account has no second factor.'],
  no_email: [409, 'This account has no e-mail address. An administrator can add it.'],
  not_verified: [409, 'Verify your e-mail address first.'],
  no_mail: [409, 'No mail can be sent for this: the clinic has no mail server, or this account does not use it.'],
  mail_failed: [502, 'The mail was not sent: {problem}'],
  code_wait: [429, 'A code was sent a short while ago. Another one can be sent in {minutes} min.'],
  step_up: [403, 'This needs to know that it is still you: say once more who you are.'],
  pin_not_here: [403, 'The PIN does not open anything here now. Sign in with the password first.'],
  session_ended: [401, 'You have been signed out. Please sign in again.'],
  csrf: [403, 'This request did not come from a Medlane page.'],
  weak_password: [400, 'Choose another password: {problem}'],
  name_taken: [409, 'The name {name} is already used.'],
  outranked: [403, 'You may manage only accounts with lower roles than your own.'],
  own_rights: [403, 'Nobody changes their own roles and rights, or shuts themselves out. Ask another administrator.'],
  beyond_rights: [403, 'You can give only what you may do yourself.'],
  suspended: [403, 'This account is blocked: {reason}'],
  not_from_here: [403, 'This account may not sign in by this device or from this network. Ask an administrator.'],
  requests_closed: [403, 'Nobody can ask for an account here. Ask an administrator for one.'],
  requests_full: [429, 'Too many people ask for an account at this moment. Ask an administrator in person.'],
  choose_password: [401, 'This password was given to you. Choose one of your own to go on.'],
  licence_taken: [409, 'This licence is already that of {name}.'],
  branch_code_taken: [409, 'The code {code} is already used by another branch.'],
  other_branches: [403, 'This holds the other branches as well: only a super administrator may see it.'],

  // Identity documents
  verification_state: [409, 'These documents are {standing}; {step} is possible only from: {possible}.'],
  verification_incomplete: [409, 'Not everything that is asked for is there: {missing}.'],
  own_verification: [403, 'Nobody decides about their own documents. Ask another administrator.'],
  document_unusable: [400, 'This file cannot be taken: {problem}'],

  // Desks and screens
  pairing_closed: [
    409,
    'No desk can be added at this moment. Choose “Add a desk” at the administrator’s, then begin again here.',
  ],
  pairing_busy: [409, 'Another desk is being added at this moment. Finish or cancel that first.'],
  pairing_limit: [429, 'Too many attempts to add a desk have failed today. Look who tried, and wait until tomorrow.'],
  wrong_code: [400, 'The codes are not the same. Read the code again; if it is right, somebody else may be answering.'],
  screens_busy: [409, 'Too many screens show a code at this moment. Wait ten minutes and try again.'],
  display_only: [409, 'A screen can only be an account that has the role Display, and no other.'],
  device_revoked: [403, 'This desk was taken out of the clinic. An administrator can add it again.'],
  not_this_clinic: [403, 'This desk’s certificate is not of this clinic. An administrator can add the desk again.'],
  certificate_expired: [
    403,
    'This desk was away for so long that its certificate ran out. It is renewed by itself, or added again.',
  ],
  older_server: [409, 'This server holds an older copy of the clinic’s records. Switch it off, and use the newer one.'],
  no_keychain: [
    409,
    'This computer has no keychain in which a desk’s key could be kept. Set one up, then begin again.',
  ],
  disk_full: [507, 'The disk of this computer is full, and nothing was saved. Make room on it, then do it again.'],
  needs_server: [503, 'This needs the clinic’s server, which this desk cannot reach now: {problem}'],
  keychain_locked: [409, 'The keychain of this computer is locked or does not answer. Unlock it, then begin again.'],

  // Paper
  not_printed: [503, 'The printer did not take it. Look whether it is on, has paper, and is connected.'],
  copy_not_counted: [409, 'Copy {copy} has not been counted yet. Count it first, then print it.'],

  // The clinic
  already_set_up: [409, 'This server already hosts a clinic.'],
  only_here: [403, 'This is possible only on the server’s own computer.'],
  job_ended: [409, 'This work has already ended.'],
  feed_gap: [410, 'This client was away for too long, or the server was restored. Load everything afresh.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof ERRORS;

/** The codes that a refusal's `problem` may be, each with what the message says of it. */
export const PROBLEMS = {
  weak_password: {
    too_short: 'use at least ten characters.',
    common: 'this one is among the first that anybody would try.',
    personal: 'it must not contain “{word}”.',
    keyboard: 'keys that lie beside each other are tried early.',
    pattern: 'what repeats or counts is tried early.',
    dates: 'a date is tried early.',
    one_word: 'one word or name is too little. Put a few together that only you would.',
    guessable: 'this can be guessed. Put a few words together that only you would.',
  },
  mail_failed: {
    unreachable: 'the mail server cannot be reached, or does not answer.',
    certificate: 'the mail server’s certificate is not trusted. Its own CA can be named in the settings.',
    no_encryption: 'the mail server does not offer the encryption that the settings ask for.',
    password: 'the mail server refused the user name or the password.',
    sender: 'the mail server refused the sender’s address.',
    recipient: 'the mail server refused the recipient’s address.',
    refused: 'the mail server refused it.',
  },
  file_unreadable: {
    no_rows: 'it has no rows below the column names.',
    columns: 'line {line} does not have as many columns as the first line.',
    quotes: 'a quotation mark is left open or out of place on line {line}.',
    unknown: 'it is damaged, or of another kind.',
  },
  document_unusable: {
    kind: 'only PDF, JPEG and PNG are, whatever the file is called.',
    size: 'it is larger than 5 MB.',
    pixels: 'the picture has too many pixels. Make it smaller.',
    broken: 'it is damaged or not whole.',
    many: 'there are four files of this document already.',
  },
  needs_server: {
    alone: 'a desk does not do this alone.',
    others_call: 'another room may be calling the same people.',
    unknown_here: 'the record is not on this desk.',
    not_lately: 'only whoever signed in here during the last three days can do so without it.',
    too_many_tries: 'there were too many wrong passwords or PINs.',
  },
} as const satisfies Partial<Record<ErrorCode, Readonly<Record<string, string>>>>;
export type Problem<C extends keyof typeof PROBLEMS> = keyof (typeof PROBLEMS)[C];

export const problemsOf = (code: ErrorCode): Readonly<Record<string, string>> =>
  code in PROBLEMS ? PROBLEMS[code as keyof typeof PROBLEMS] : {};

/** What any operation may answer without declaring it. */
export const COMMON_ERRORS = [
  'validation_failed',
  'unauthenticated',
  'forbidden',
  'idempotency_mismatch',
  'too_large',
  'rate_limited',
  'internal',
  'unavailable',
] as const satisfies readonly ErrorCode[];
/** What a desk is told that is not let in, or that cannot keep a secret: of no operation in particular. */
export const DESK_ERRORS = [
  'device_revoked',
  'certificate_expired',
  'older_server',
  'no_keychain',
  'keychain_locked',
  'needs_server',
  'disk_full',
] as const satisfies readonly ErrorCode[];

export type CommonError = (typeof COMMON_ERRORS)[number];

export const statusOf = (code: ErrorCode): number => ERRORS[code][0];

export type Details = Readonly<Record<string, string | number | boolean | null>>;

const fill = (text: string, details: Details): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? name));

/** The message with the details filled in; a detail that is missing leaves its name. */
export function messageOf(code: ErrorCode, details: Details = {}): string {
  const problem = problemsOf(code)[String(details['problem'])];
  return fill(ERRORS[code][1], problem ? { ...details, problem: fill(problem, details) } : details);
}
