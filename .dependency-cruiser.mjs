// The house's plan (docs/how-it-works.md), held by a tool: a room may import only what stands to the left of it.
const rooms = [
  'telemetry',
  'content',
  'compare',
  'story',
  'event-store',
  'views',
  'history',
  'editing',
  'audit',
  'transfer',
  'reading',
  'desk',
  'access',
  'web',
  'cli',
];
const mayImport = {
  telemetry: [],
  content: [],
  compare: ['content'],
  story: ['content', 'compare'],
  'event-store': ['story', 'content', 'compare', 'telemetry'],
  views: ['event-store', 'story', 'content', 'compare', 'telemetry'],
  history: ['views', 'event-store', 'story', 'content', 'compare', 'access', 'web', 'telemetry'],
  editing: ['views', 'event-store', 'story', 'content', 'compare', 'access', 'web', 'telemetry'],
  audit: ['views', 'event-store', 'story', 'content', 'compare', 'access', 'web'],
  transfer: ['history', 'views', 'event-store', 'story', 'content', 'compare', 'access', 'web'],
  reading: ['history', 'story', 'content', 'compare', 'access', 'web'],
  desk: ['history', 'editing', 'audit', 'reading', 'story', 'content', 'compare', 'access', 'web'],
  access: ['web', 'story', 'content'],
  web: ['story', 'content', 'telemetry'],
  cli: rooms,
};
const pure = '^src/(content|compare|story)/';
export default {
  forbidden: [
    ...rooms.map((room) => ({
      name: `${room}-imports-only-what-stands-left-of-it`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: {
        path: '^src/',
        pathNot: `^src/(config\\.ts$|${room === 'cli' ? '(app|store\\.module)\\.ts$|' : ''}(${[room, ...mayImport[room]].join('|')})/)`,
      },
    })),
    { name: 'pure-rooms-know-no-settings', severity: 'error', from: { path: pure }, to: { path: '^src/config' } },
    {
      name: 'pure-rooms-do-no-io',
      severity: 'error',
      from: { path: pure, pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-rooms-know-no-framework',
      severity: 'error',
      from: { path: pure, pathNot: '\\.test\\.ts$' },
      to: { path: 'node_modules/(@nestjs|fastify|@fastify|rxjs|class-|pino|nestjs-|preact|reflect-metadata)' },
    },
    {
      name: 'sqlite-only-behind-the-store-and-the-views',
      severity: 'error',
      from: { pathNot: '^src/(event-store/sqlite|views)/' },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'kurrentdb-only-behind-its-store',
      severity: 'error',
      from: { pathNot: '^src/event-store/kurrentdb/' },
      to: { path: 'node_modules/(@kurrent|@grpc)/' },
    },
    {
      name: 'metrics-and-traces-only-in-telemetry',
      severity: 'error',
      from: { pathNot: '^src/telemetry/' },
      to: { path: 'node_modules/(prom-client|@opentelemetry)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
