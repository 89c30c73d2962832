/** Every role an account may hold. A display is a screen, not a person: it may read its own board and nothing else. */
export const ROLES = ['admin', 'receptionist', 'doctor', 'nurse', 'pharmacist', 'display'] as const;
export type Role = (typeof ROLES)[number];

/** People who may see patients' records: everyone but a display. */
export const STAFF = ['admin', 'receptionist', 'doctor', 'nurse', 'pharmacist'] as const satisfies readonly Role[];

/** People who call patients into a room. */
export const CALLERS = ['doctor', 'nurse', 'pharmacist'] as const satisfies readonly Role[];

/** People who may give a token to a patient. */
export const ISSUERS = ['receptionist', 'nurse', 'doctor'] as const satisfies readonly Role[];
