import * as z from 'zod';
import { LEVELS } from '../domain/rights.ts';
import { page, query } from './kit.ts';
import { grant, id, role } from './shapes.ts';

/** Who may do what, and why. */
export const rights = {
  list: query({
    route: 'GET /rights',
    summary:
      'Every account of this branch that can sign in, and how much of each feature is open to it: by its roles, by what was granted, or not at all.',
    who: ['admin'],
    input: z.object({}),
    output: page(
      z.object({
        id,
        username: z.string(),
        name: z.string(),
        roles: z.array(role),
        features: z.array(
          z.object({
            feature: z.string(),
            level: z.enum(LEVELS),
            operations: z.int().meta({ description: 'How many of its operations they may call …' }),
            of: z.int().meta({ description: '… of how many.' }),
            grant: grant.nullable().meta({ description: 'What was granted, where that counts now.' }),
          }),
        ),
      }),
    ),
    errors: [],
  }),
};
