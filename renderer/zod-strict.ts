import * as z from 'zod';

// zod compiles parsers with `new Function`, which the content security policy refuses; this must run before any schema is made.
z.config({ jitless: true });
