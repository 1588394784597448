/** A real browser from npm, as any test may start it. */
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

export async function launchBrowser(): Promise<Browser> {
  // Where the machine lacks libnss3 the package brings its own, if it believes to be in a bare runtime.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x';
  return playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'] });
}
