/** Finds out once for each request who is asking, and keeps those without the right from a route. */
import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import type { Door } from '../web/admission.js';
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
export const Needs = (...anyOf: [Right, ...Right[]]) =>
  applyDecorators(SetMetadata(NEEDS, anyOf), RouteConfig({ needs: anyOf }));

/** `token`: as it was when the request came; null for none. */
type Asked = FastifyRequest & { viewer?: Viewer; token?: Token | null };

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

function needAny(viewer: Viewer, anyOf: [Right, ...Right[]]): void {
  if (!anyOf.some((right) => viewer.may(right))) need(viewer, anyOf[0]);
}

/** Whether it asks for nothing to be changed (RFC 9110, section 9.2.1). */
export const isSafe = ({ method }: Pick<FastifyRequest, 'method'>): boolean => /^(GET|HEAD|OPTIONS)$/.test(method);

type AnyOf = [Right, ...Right[]] | undefined;

@Injectable()
export class ViewerGuard implements CanActivate {
  /** By handler. */
  private readonly needs = new Map<unknown, AnyOf>();

  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: Tokens,
    @Inject(SESSIONS) private readonly sessions: Sessions,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Asked>();
    request.viewer = this.viewerOf(request);
    const anyOf = this.neededBy(context);
    if (anyOf) needAny(request.viewer, anyOf);
    return true;
  }

  private neededBy(context: ExecutionContext): AnyOf {
    const handler = context.getHandler();
    if (!this.needs.has(handler)) {
      this.needs.set(handler, this.reflector.getAllAndOverride<AnyOf>(NEEDS, [handler, context.getClass()]));
    }
    return this.needs.get(handler);
  }

  /** Whether the credentials of a request are good. Throws as `canActivate` would for a command, whose body is not read then. */
  door: Door = (request) => {
    const { needs } = request.routeOptions.config as { needs?: [Right, ...Right[]] };
    if (needs && !isSafe(request)) needAny(this.viewerOf(request), needs);
    return this.tokenOf(request) !== undefined;
  };

  private tokenOf(request: Asked): Token | undefined {
    if (request.token === undefined) request.token = this.tokenNamedBy(request) ?? null;
    return request.token ?? undefined;
  }

  private tokenNamedBy({ headers: { authorization }, cookies }: FastifyRequest): Token | undefined {
    if (authorization !== undefined) {
      const secret = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1];
      return secret === undefined ? undefined : this.tokens.find(secret);
    }
    const cookie = cookies?.[sessionCookie];
    const id = cookie && this.sessions.tokenOf(cookie);
    return id ? this.tokens.byId(id) : undefined;
  }

  /** A token wins over a session. A session that is no longer good makes a reader; a token that isn't is an error. */
  private viewerOf(request: FastifyRequest): Viewer {
    const { authorization } = request.headers;
    const token = this.tokenOf(request);
    if (authorization !== undefined) {
      if (!/^Bearer +[^\s]+ *$/i.test(authorization)) throw badToken('Authorization must be "Bearer" and a token.');
      if (!token) throw badToken('The token is unknown, expired or revoked.');
      this.refuseFirstStartFromAfar(token, request);
      return tokenViewer(token);
    }
    if (!token || (token.firstStart && !isLocal(this.config, request))) return readerViewer;
    if (!isSafe(request)) {
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
