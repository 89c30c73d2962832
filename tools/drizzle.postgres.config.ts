export default {
  dialect: 'postgresql',
  schema: './server/db/schema.postgres.ts',
  out: './server/db/migrations/postgres',
};
