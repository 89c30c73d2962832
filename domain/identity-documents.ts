/** What an identity document is for. */
export const DOCUMENT_GROUPS = [
  'national_id',
  'tax_id',
  'licence',
  'insurance',
  'address_proof',
  'bank_account',
] as const;
export type DocumentGroup = (typeof DOCUMENT_GROUPS)[number];

/** How a number is written and checked; the checks themselves need a library, and stand in the server. */
export type NumberFormat =
  | 'aadhaar'
  | 'pan'
  | 'epic'
  | 'ifsc'
  | 'account'
  | 'cnic'
  | 'ntn'
  | 'iban'
  | 'philsys'
  | 'ph_tin'
  | 'philhealth'
  | 'prc'
  | 'passport'
  | 'any';

export type NumberField = Readonly<{
  name: 'number' | 'account' | 'ifsc';
  format: NumberFormat;
  /** Nothing in it would show a slip of the finger, so it is typed twice. */
  twice?: true;
  /** Many people have the same one: it says nothing about who somebody is. */
  shared?: true;
}>;
type Kind = Readonly<{ group: DocumentGroup; country: 'IN' | 'PK' | 'PH' | null; fields: readonly NumberField[] }>;

const number = (format: NumberFormat): readonly NumberField[] => [{ name: 'number', format }];
const account: NumberField = { name: 'account', format: 'account', twice: true };

/** The kinds that a clinic can ask for: whoever wants another adds a line. Each has a picture or a PDF as well. */
export const DOCUMENTS = {
  in_aadhaar: { group: 'national_id', country: 'IN', fields: number('aadhaar') },
  in_voter_id: { group: 'national_id', country: 'IN', fields: number('epic') },
  pk_cnic: { group: 'national_id', country: 'PK', fields: number('cnic') },
  ph_philsys: { group: 'national_id', country: 'PH', fields: number('philsys') },
  passport: { group: 'national_id', country: null, fields: number('passport') },
  in_pan: { group: 'tax_id', country: 'IN', fields: number('pan') },
  pk_ntn: { group: 'tax_id', country: 'PK', fields: number('ntn') },
  ph_tin: { group: 'tax_id', country: 'PH', fields: number('ph_tin') },
  professional_licence: { group: 'licence', country: null, fields: number('any') },
  ph_prc_licence: { group: 'licence', country: 'PH', fields: number('prc') },
  insurance_policy: { group: 'insurance', country: null, fields: number('any') },
  ph_philhealth: { group: 'insurance', country: 'PH', fields: number('philhealth') },
  address_proof: { group: 'address_proof', country: null, fields: [] },
  in_bank_account: {
    group: 'bank_account',
    country: 'IN',
    fields: [account, { name: 'ifsc', format: 'ifsc', shared: true }],
  },
  pk_bank_account: { group: 'bank_account', country: 'PK', fields: number('iban') },
  ph_bank_account: { group: 'bank_account', country: 'PH', fields: [account] },
} as const satisfies Record<string, Kind>;

export type DocumentKind = keyof typeof DOCUMENTS;
export const DOCUMENT_KINDS = Object.keys(DOCUMENTS) as DocumentKind[];
export const fieldsOf = (kind: DocumentKind): readonly NumberField[] => DOCUMENTS[kind].fields;

/** What of a number may be shown: its last four characters, and never more than half of it. */
export const lastFour = (value: string): string =>
  value.slice(value.length - Math.min(4, Math.floor(value.length / 2)));

/** What somebody has handed in of one kind. */
export type Held = Readonly<{ fields: readonly string[]; files: number }>;

/** A document is there when each of its numbers is, and something to look at. */
export const isThere = (kind: DocumentKind, { fields, files }: Held): boolean =>
  files > 0 && fieldsOf(kind).every(({ name }) => fields.includes(name));
