/** `palimpsest tokens`: who may do what. Works on the access folder, whether the service runs or not. */
import { Command, Option } from 'commander';
import { narrowed, type Right, type Role, rightsOf, roles } from '../access/rights.js';
import { isUsable, type Token, Tokens } from '../access/tokens.js';
import type { Config } from '../config.js';
import { momentOf } from './options.js';
import { colours, note, print, printJson, Stop, shown, timeText } from './outcome.js';
import { signInLink } from './serve.js';
import { readConfig, runningService } from './service.js';

export const tokensCommand = (): Command =>
  new Command('tokens')
    .description('List, make and revoke tokens; print the sign-in links of the first start.')
    .option('--json', 'print the first start’s tokens by role, while they are good')
    .addHelpText(
      'after',
      `
Examples:
  palimpsest tokens
  palimpsest tokens create --name "Desk of Harrow Bay" --role editor --expires 90d
  palimpsest tokens create --name cms --role editor --on-behalf
  palimpsest tokens create --name "Wire" --role editor --only publish,new-version
  palimpsest tokens revoke cms`,
    )
    .action(overview)
    .addCommand(
      new Command('list')
        .description('List all tokens, also those that have ended.')
        .option('--json', 'print JSON')
        .action(list),
    )
    .addCommand(
      new Command('create')
        .description('Make a token and print it, this once.')
        .requiredOption('--name <name>', 'what it is for')
        .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
        .option('--only <rights>', 'narrow it to these rights of its role, with commas between; see below')
        .option('--expires <when>', 'a length such as 12h, 90d or 8w, or a time; never if left out')
        .option('--on-behalf', 'it may write in the name of others (for content systems and imports)')
        .option('--json', 'print JSON')
        .addHelpText('after', rightsHelp)
        .action(create),
    )
    .addCommand(
      new Command('revoke')
        .description('End a token and its sessions, at once.')
        .argument('<token>', 'its name or id')
        .option('--json', 'print JSON')
        .action(revoke),
    );

const rightsHelp = `
Rights:
${roles.map((role) => `  ${role.padEnd(10)} ${[...rightsOf[role]].join(', ')}`).join('\n')}
Without read-all a token reads what readers read.`;

async function overview({ json }: { json?: boolean }): Promise<void> {
  const config = readConfig();
  const tokens = new Tokens(config.access);
  const secrets = tokens.firstStartSecrets();
  if (json) return printJson(secrets);
  if (!tokens.list().length) return note('There are no tokens yet: the first `palimpsest serve` makes three.');
  table(tokens.list());
  const good = Object.entries(secrets) as [Role, string][];
  if (!good.length) return;
  const url = await runningService(config);
  print(
    url
      ? '\nSign in with one of these links, on this machine only:'
      : '\nTokens of the first start, good on this machine only:',
  );
  for (const [role, secret] of good) print(`  ${role.padEnd(10)} ${url ? signInLink(url, secret) : secret}`);
}

function list({ json }: { json?: boolean }): void {
  const tokens = new Tokens(readConfig().access).list();
  if (json) printJson(tokens.map(described));
  else table(tokens);
}

interface Creation {
  name: string;
  role: Role;
  only?: string;
  expires?: string;
  onBehalf?: boolean;
  json?: boolean;
}

function create({ name, role, only, expires, onBehalf = false, json }: Creation): void {
  const config = readConfig();
  const tokens = new Tokens(config.access);
  if (!name.trim() || name.length > 200 || shown(name) !== name) {
    throw new Stop('usage', '--name must have 1 to 200 characters');
  }
  if (tokens.list().some((token) => token.name === name && isUsable(token, Date.now()))) {
    throw new Stop('refused', `there is a token "${name}" already; revoke it first, or take another name`);
  }
  const lifetime = expires === undefined ? undefined : lifetimeOf(expires, config);
  const { token, secret } = tokens.create({
    name,
    role,
    onBehalf,
    ...(only !== undefined && { only: rightsIn(role, only) }),
    ...(lifetime !== undefined && { lifetime }),
  });
  if (json) printJson({ ...described(token), secret });
  else print(secret);
  note(`That is the token "${name}" (${powersOf(token)}). It is not kept and cannot be shown again.`);
}

function revoke(idOrName: string, { json }: { json?: boolean }): void {
  const revoked = new Tokens(readConfig().access).revoke(idOrName);
  if (!revoked.length) throw new Stop('refused', `no token "${idOrName}" is in use; palimpsest tokens list shows all`);
  if (json) printJson(revoked.map(described));
  else for (const { name } of revoked) print(`"${shown(name)}" is revoked.`);
}

function rightsIn(role: Role, typed: string): Right[] {
  const names = typed.split(',').map((name) => name.trim());
  const answer = narrowed(role, names.filter(Boolean));
  if (answer.ok) return answer.only;
  throw new Stop('usage', `--only ${shown(typed)}: ${answer.detail}`);
}

const hour = 60 * 60 * 1000;
const units: Record<string, number> = { h: hour, d: 24 * hour, w: 7 * 24 * hour };

/** Milliseconds. */
function lifetimeOf(typed: string, config: Config): number {
  const length = /^([1-9]\d{0,4})([hdw])$/.exec(typed);
  const lifetime = length ? Number(length[1]) * units[length[2]!]! : Date.parse(momentOf(typed, config)) - Date.now();
  if (lifetime > 0) return lifetime;
  throw new Stop('usage', `--expires ${typed} is in the past`);
}

/** What may be told of a token: not even its hash. */
const described = ({ hash: _, ...token }: Token) => ({ ...token, usable: isUsable(token as Token, Date.now()) });

const onlyText = (only: readonly Right[]) => `only ${only.join(', ')}`;
const powersOf = ({ role, only }: Token) => (only ? `${role}, ${onlyText(only)}` : role);

function table(tokens: readonly Token[]): void {
  for (const token of tokens) {
    const { id, name, role, only, onBehalf, expiresAt, revokedAt } = token;
    const state = revokedAt
      ? `revoked ${timeText(revokedAt)}`
      : expiresAt
        ? `${isUsable(token, Date.now()) ? 'until' : 'expired'} ${timeText(expiresAt)}`
        : '';
    const said = [role.padEnd(10), shown(name), only ? onlyText(only) : '', onBehalf ? 'on behalf' : '', state];
    const line = said.filter(Boolean).join('  ');
    print(`${isUsable(token, Date.now()) ? line : colours.strikethrough(line)}  ${colours.dim(id)}`);
  }
}
