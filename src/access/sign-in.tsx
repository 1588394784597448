/** Signing in with a token and out again: two forms that work without script. */
import { Body, Controller, Get, Header, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.js';
import { sessionCookie } from '../web/caching.js';
import { type Frame, frameFor, Page, renderPage } from '../web/page.js';
import { Refused } from '../web/problem.js';
import { CONFIG } from '../web/tokens.js';
import { SESSIONS } from './guard.js';
import { foreignTo, isLocal } from './origin.js';
import { challenge } from './problems.js';
import { type Sessions, sessionLength } from './sessions.js';
import { Tokens } from './tokens.js';

class SignInQuery {
  @IsOptional()
  @IsString()
  @MaxLength(200)
  token?: string;

  /** Where to go on afterwards. */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  back?: string;
}
class SignInForm {
  @IsString()
  @MaxLength(200)
  token: string;

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  back?: string;
}

const html = 'text/html; charset=utf-8';

@ApiExcludeController()
@Controller()
export class SignInController {
  constructor(
    private readonly tokens: Tokens,
    @Inject(SESSIONS) private readonly sessions: Sessions,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Asks before it signs in: following a link must not change who one is. */
  @Get('sign-in')
  @Header('content-type', html)
  @Header('cache-control', 'no-store')
  page(@Query() { token, back }: SignInQuery, @Req() request: FastifyRequest): string {
    return signInPage(frameFor(this.config, request), { token, back });
  }

  @Post('sign-in')
  async signIn(@Body() form: SignInForm, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.refuseForeign(request);
    const token = this.tokens.find(form.token.trim());
    if (!token || (token.firstStart && !isLocal(this.config, request))) {
      const page = signInPage(frameFor(this.config, request), { refused: true, back: form.back });
      await reply
        .status(401)
        .headers({ ...challenge, 'content-type': html, 'cache-control': 'no-store' })
        .send(page);
      return;
    }
    reply.setCookie(sessionCookie, this.sessions.begin(token.id), { ...this.cookie, maxAge: sessionLength / 1000 });
    await reply.redirect(ownPath(form.back), 303);
  }

  @Post('sign-out')
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.refuseForeign(request);
    reply.clearCookie(sessionCookie, this.cookie);
    await reply.redirect('/', 303);
  }

  private refuseForeign(request: FastifyRequest): void {
    const foreign = foreignTo(this.config, request);
    if (foreign) throw new Refused({ code: 'cross-origin', detail: `Refused: ${foreign}.` });
  }

  private get cookie() {
    const secure = this.config.publicUrl?.startsWith('https:') ?? false;
    return { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  }
}

/** A path of ours, else the front: a link to sign in must not lead to another site. */
const ownPath = (back: string | undefined): string =>
  back !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(back) ? back : '/';

interface SignInProps {
  token?: string;
  back?: string;
  refused?: boolean;
}

function signInPage(frame: Frame, { token, back, refused }: SignInProps): string {
  return renderPage(
    <Page frame={frame} title="Sign in" unlisted>
      <div class="column">
        <h1>Sign in</h1>
        {refused && (
          <p class="notice" role="alert">
            <b>That token is not good</b>
            It is unknown, has expired or was revoked, or is one of the first start and this is not the machine it was
            made on.
          </p>
        )}
        <form method="post" action="/sign-in">
          {back !== undefined && <input type="hidden" name="back" value={back} />}
          {token ? (
            <>
              <p class="summary">You have followed a sign-in link. It lasts twelve hours in this browser.</p>
              <input type="hidden" name="token" value={token} />
            </>
          ) : (
            <label class="field">
              <span>Token</span>
              <input type="password" name="token" required autocomplete="off" spellcheck={false} />
            </label>
          )}
          <button type="submit" class="button">
            Sign in
          </button>
        </form>
      </div>
    </Page>,
  );
}
