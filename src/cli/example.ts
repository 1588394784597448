/** `palimpsest example`: loads the example story. */
import { Command } from 'commander';
import { refusal } from './client.js';
import { type Asking, asked } from './options.js';
import { print, printJson } from './outcome.js';
import { withService } from './service.js';

export const exampleCommand = (): Command =>
  asked(new Command('example'), 'standards')
    .description('Load the example: an invented story with a statement, updates, a correction and an embargo.')
    .addHelpText('after', '\nLoading it again finds it.\n\nExample:\n  palimpsest example')
    .action(example);

async function example({ json, ...identity }: Asking): Promise<void> {
  await withService({ ...identity, otherwise: 'standards' }, async (client) => {
    const answer = await client.ask({ method: 'POST', path: '/example' });
    const path = answer.headers.get('location');
    if (answer.status !== 303 || path === null) throw refusal(answer);
    const slug = path.split('/').at(-1)!;
    if (json) return printJson({ slug, path });
    print(`The example is there: ${slug}`);
    print(`Now try: palimpsest history ${slug} --as editor`);
  });
}
