/**
 * Tokens: named, of one role, perhaps narrowed, perhaps expiring, revocable. Only their hashes are kept, in `tokens.json` in the access
 * folder; a change made there by the command line holds for every running service from its next request on.
 */
import { hash as digest, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stampOf, writePrivately } from './private-file.js';
import { type Right, type Role, roles } from './rights.js';

export interface Token {
  /** Random; recorded as actor. */
  id: string;
  name: string;
  role: Role;
  /** Narrowed to these rights of its role, from `narrowed`; none: all of them. */
  only?: readonly Right[];
  /** May write on behalf of others. */
  onBehalf: boolean;
  /** SHA-256 of the secret, hex. The secret has 256 random bits, so nothing slower is needed. */
  hash: string;
  /** Instants, as all times here. */
  createdAt: string;
  expiresAt?: string;
  revokedAt?: string;
  /** Made by the first start; good on loopback only. */
  firstStart?: true;
}

export interface NewToken {
  name: string;
  role: Role;
  only?: readonly Right[];
  onBehalf?: boolean;
  /** Milliseconds from now. */
  lifetime?: number;
  firstStart?: true;
}

const prefix = 'pal_';
const sha256 = (text: string) => digest('sha256', text, 'buffer');

export const isUsable = (token: Token, now: number): boolean =>
  token.revokedAt === undefined && (token.expiresAt === undefined || Date.parse(token.expiresAt) > now);

/** The tokens of one access folder. */
export class Tokens {
  private readonly file: string;
  private read: { stamp: string; tokens: readonly Token[] } = { stamp: '', tokens: [] };

  constructor(
    private readonly folder: string,
    private readonly clock: () => number = Date.now,
  ) {
    this.file = join(folder, 'tokens.json');
  }

  /** All, also those revoked or expired. Throws when the file is there and cannot be read. */
  list(): readonly Token[] {
    const stamp = stampOf(this.file);
    if (stamp !== this.read.stamp) {
      this.read = { stamp, tokens: stamp ? this.parsed() : [] };
    }
    return this.read.tokens;
  }

  /** Makes a token; its secret is told this once. */
  create(wanted: NewToken): { token: Token; secret: string } {
    const secret = newSecret();
    const token = this.tokenFor(secret, wanted);
    this.write([...this.list(), token]);
    return { token, secret };
  }

  /** Ends every token of this id or name, and their sessions; gives those that it ended. */
  revoke(idOrName: string): Token[] {
    const meant = ({ id, name, revokedAt }: Token) => !revokedAt && (id === idOrName || name === idOrName);
    const revoked = this.list()
      .filter(meant)
      .map((token) => ({ ...token, revokedAt: this.now() }));
    if (revoked.length) this.write(this.list().map((one) => revoked.find(({ id }) => id === one.id) ?? one));
    return revoked;
  }

  /** The usable token with this secret. */
  find(secret: string): Token | undefined {
    if (!/^pal_[A-Za-z0-9_-]{43}$/.test(secret)) return undefined;
    const hash = sha256(secret);
    const token = this.list().find((one) => timingSafeEqual(Buffer.from(one.hash, 'hex'), hash));
    return token && isUsable(token, this.clock()) ? token : undefined;
  }

  /** The usable token with this id. */
  byId(id: string): Token | undefined {
    const token = this.list().find((one) => one.id === id);
    return token && isUsable(token, this.clock()) ? token : undefined;
  }

  /** Makes one token for each role where there are no tokens yet; tells whether it did. */
  firstStart(): boolean {
    if (statSync(this.file, { throwIfNoEntry: false })) return false;
    const secrets = Object.fromEntries(roles.map((role) => [role, newSecret()])) as Record<Role, string>;
    const tokens = roles.map((role) =>
      this.tokenFor(secrets[role], {
        name: `first start, ${role}`,
        role,
        onBehalf: role !== 'auditor',
        firstStart: true,
      }),
    );
    // Secrets first: a crash between the two makes new ones at the next start.
    mkdirSync(this.folder, { recursive: true });
    writePrivately(this.firstStartFile, `${JSON.stringify(secrets, null, 2)}\n`);
    this.write(tokens);
    return true;
  }

  /** Secrets of the first-start tokens by role, as far as they are still good. */
  firstStartSecrets(): Partial<Record<Role, string>> {
    if (!statSync(this.firstStartFile, { throwIfNoEntry: false })) return {};
    const secrets = JSON.parse(readFileSync(this.firstStartFile, 'utf8')) as Record<Role, string>;
    return Object.fromEntries(Object.entries(secrets).filter(([, secret]) => this.find(secret)));
  }

  private parsed(): Token[] {
    try {
      return (JSON.parse(readFileSync(this.file, 'utf8')) as { tokens: Token[] }).tokens;
    } catch {
      throw new Error(`${this.file} cannot be read as tokens; put back a copy, or delete it and make new ones`);
    }
  }

  private get firstStartFile() {
    return join(this.folder, 'first-start-tokens.json');
  }

  private tokenFor(secret: string, { name, role, only, onBehalf = false, lifetime, firstStart }: NewToken): Token {
    return {
      id: randomUUID(),
      name,
      role,
      ...(only && { only }),
      onBehalf,
      hash: sha256(secret).toString('hex'),
      createdAt: this.now(),
      ...(lifetime !== undefined && { expiresAt: new Date(this.clock() + lifetime).toISOString() }),
      ...(firstStart && { firstStart }),
    };
  }

  private now(): string {
    return new Date(this.clock()).toISOString();
  }

  private write(tokens: readonly Token[]): void {
    mkdirSync(this.folder, { recursive: true });
    writePrivately(this.file, `${JSON.stringify({ tokens }, null, 2)}\n`);
  }
}

const newSecret = () => `${prefix}${randomBytes(32).toString('base64url')}`;
