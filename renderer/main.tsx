import './zod-strict.ts';

// Loaded afterwards, so that the line above has its effect before the contract makes its schemas.
await import('./start.tsx');
