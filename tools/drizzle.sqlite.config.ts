export default { dialect: 'sqlite', schema: './server/db/schema.sqlite.ts', out: './server/db/migrations/sqlite' };
