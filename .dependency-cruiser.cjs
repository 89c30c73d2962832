/** Which folder may import which: `domain` ← `contract` ← `server`, `main`, `preload`, `renderer`; `domain` ← `paper` ← `server`, `main`. */
const only = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { path: '^(domain|contract|paper|server|main|preload|renderer|tools|tests)/', pathNot: to },
});
const outside = (name, packages, allowed) => ({
  name,
  severity: 'error',
  from: { path: '^(domain|contract|paper|server|main|preload|renderer)/', pathNot: [allowed, '\\.test\\.tsx?$'] },
  to: { path: `node_modules/(${packages})/` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('domain-stands-alone', '^domain/', '^domain/'),
    only('contract-knows-domain', '^contract/', '^(contract|domain)/'),
    only('paper-knows-domain', '^paper/', '^(paper|domain)/'),
    only('server-knows-contract', '^server/', '^(server|paper|contract|domain)/'),
    only('main-knows-contract', '^main/', '^(main|paper|contract|domain)/'),
    only('preload-knows-contract', '^preload/', '^(preload|contract|domain)/'),
    only('renderer-knows-contract', '^renderer/', '^(renderer|contract|domain)/'),
    {
      name: 'domain-imports-the-calendar-only',
      severity: 'error',
      from: { path: '^domain/', pathNot: '\\.test\\.ts$' },
      to: { path: 'node_modules', pathNot: 'node_modules/temporal-polyfill' },
    },
    {
      name: 'capabilities-leave-transport-alone',
      severity: 'error',
      from: { path: '^server/(auth|audit|backup|board|devices|feed|files|jobs|paper|patients|setup|system|visits)/' },
      to: { path: '^server/transport/' },
    },
    {
      name: 'workstation-knows-no-electron',
      severity: 'error',
      from: { path: '^main/workstation/' },
      to: { path: 'node_modules/electron/' },
    },
    outside('electron-in-its-shell-only', 'electron', '^(main/[^/]+\\.ts|preload/)'),
    outside(
      'database-drivers-behind-the-store',
      'better-sqlite3|better-sqlite3-multiple-ciphers|pg',
      '^(server/db/|server/data-folder\\.ts|main/workstation/)',
    ),
    outside('keychain-in-one-file', 'keytar|@github/keytar', '^main/keychain\\.ts'),
    outside('certificates-in-one-file', 'node-forge', '^(server/transport/tls\\.ts|main/workstation/pairing\\.ts)'),
    outside('pdf-and-type-in-paper', 'pdfkit|fontkit|harfbuzzjs|bidi-js', '^paper/'),
    outside('pictures-to-scan', 'qrcode', '^(paper/|renderer/ui/QrCode\\.tsx$)'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|tests)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
};
