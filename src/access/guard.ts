/** Finds out once for each request who is asking, and keeps those without the right from a route. */
import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { sessionCookie } from '../web/caching.js';
import { Refused } from '../web/problem.js';
import { CONFIG } from '../web/tokens.js';
import { foreignTo, isLocal } from './origin.js';
import { challenge } from './problems.js';
import { type Right, rightsOf } from './rights.js';
import type { Sessions } from './sessions.js';
import { type Token, Tokens } from './tokens.js';
import { readerViewer, tokenViewer, type Viewer } from './viewer.js';

/** Under which the sessions are injected. */
export const SESSIONS = Symbol('sessions');

const NEEDS = 'palimpsest:needs';

/** The right a route needs, or any of several: 401 without credentials, 403 without the right. */
export const Needs = (...anyOf: [Right, ...Right[]]) => SetMetadata(NEEDS, anyOf);

type Asked = FastifyRequest & { viewer?: Viewer };

/** Who is asking: `@CurrentViewer() viewer: Viewer`. */
export const CurrentViewer = createParamDecorator(
  (_: unknown, context: ExecutionContext): Viewer => context.switchToHttp().getRequest<Asked>().viewer ?? readerViewer,
);

const badToken = (detail: string) =>
  new Refused(
    { code: 'bad-token', detail },
    { 'www-authenticate': 'Bearer realm="palimpsest", error="invalid_token"' },
  );

/** Throws Refused `not-signed-in` or `forbidden` unless the viewer has the right. For rights that hang on the command. */
export function need(viewer: Viewer, right: Right): void {
  if (viewer.may(right)) return;
  if (viewer.actor === undefined) {
    throw new Refused({ code: 'not-signed-in', detail: 'Send a token, or sign in.' }, challenge);
  }
  const lacks = rightsOf[viewer.role!].has(right)
    ? `This token is narrowed, and the right ${right} is not among those left to it.`
    : `The role ${viewer.role} does not have the right ${right}.`;
  throw new Refused({ code: 'forbidden', detail: lacks, right });
}

@Injectable()
export class ViewerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: Tokens,
    @Inject(SESSIONS) private readonly sessions: Sessions,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Asked>();
    request.viewer = this.viewerOf(request);
    const { viewer } = request;
    const anyOf = this.reflector.getAllAndOverride<[Right, ...Right[]] | undefined>(NEEDS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (anyOf && !anyOf.some((right) => viewer.may(right))) need(viewer, anyOf[0]);
    return true;
  }

  /** A token wins over a session. A session that is no longer good makes a reader; a token that isn't is an error. */
  private viewerOf(request: FastifyRequest): Viewer {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const secret = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1];
      if (!secret) throw badToken('Authorization must be "Bearer" and a token.');
      const token = this.tokens.find(secret);
      if (!token) throw badToken('The token is unknown, expired or revoked.');
      this.refuseFirstStartFromAfar(token, request);
      return tokenViewer(token);
    }
    const cookie = request.cookies?.[sessionCookie];
    const tokenId = cookie && this.sessions.tokenOf(cookie);
    const token = tokenId ? this.tokens.byId(tokenId) : undefined;
    if (!token || (token.firstStart && !isLocal(this.config, request))) return readerViewer;
    if (!/^(GET|HEAD|OPTIONS)$/.test(request.method)) {
      const foreign = foreignTo(this.config, request);
      if (foreign) throw new Refused({ code: 'cross-origin', detail: `Refused: ${foreign}.` });
    }
    return tokenViewer(token);
  }

  private refuseFirstStartFromAfar(token: Token, request: FastifyRequest): void {
    if (token.firstStart && !isLocal(this.config, request)) {
      throw badToken('Tokens of the first start are good only on this machine; make one with palimpsest tokens.');
    }
  }
}
