/** The API described by itself: OpenAPI 3.1 at `/api/openapi.json`, and a page to try it on at `/api/docs`. */
import { existsSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ApiProperty,
  ApiPropertyOptional,
  DocumentBuilder,
  getSchemaPath,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';

/** Made by the build from the types and comments of the DTOs; not there when run from source, for development. */
const metadata = new URL('./metadata.js', import.meta.url);

class Problem {
  @ApiProperty({ type: String, format: 'uri-reference', description: 'The page that explains it.' })
  type: string;
  @ApiProperty({ type: String })
  title: string;
  @ApiProperty({ type: 'integer' })
  status: number;
  @ApiProperty({ type: String, description: 'Stable; what programs go by.' })
  code: string;
  @ApiProperty({ type: String, description: 'What was wrong this time, and what to do.' })
  detail: string;
  @ApiProperty({ type: String, format: 'uri-reference' })
  instance: string;
  @ApiProperty({ type: String, description: 'Under which it is logged.' })
  correlationId: string;
  @ApiPropertyOptional({
    type: 'array',
    description: 'Every fault, with an RFC 6901 pointer into the body or the name of the parameter.',
    items: {
      type: 'object',
      properties: {
        pointer: { type: 'string' },
        parameter: { type: 'string' },
        code: { type: 'string' },
        detail: { type: 'string' },
      },
      required: ['code', 'detail'],
    },
  })
  faults?: object[];
}

export async function describeApi(app: NestFastifyApplication): Promise<OpenAPIObject> {
  if (existsSync(metadata)) await SwaggerModule.loadPluginMetadata((await import(metadata.href)).default);
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Palimpsest')
    .setDescription(
      'Every version of a news story, kept as events. Readers need no token. Errors are RFC 9457 problem documents; each `type` leads to a page that explains it.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: '`palimpsest tokens` makes one.' })
    .addGlobalResponse({
      status: 'default',
      description: 'A problem document (RFC 9457)',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(Problem) } } },
    })
    .build();
  return SwaggerModule.createDocument(app, builder, {
    operationIdFactory: (_controller, method) => method,
    autoTagControllers: false,
    extraModels: [Problem],
  });
}

const policyOfPage =
  "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'";

/** Serves the description and its page. The page is the one place with a policy of its own: its scripts style inline. */
export async function serveApiDescription(app: NestFastifyApplication): Promise<void> {
  const document = await describeApi(app);
  SwaggerModule.setup('api/docs', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Palimpsest API',
    swaggerOptions: { persistAuthorization: false, tryItOutEnabled: true },
  });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', (request, reply, payload, done) => {
      if (request.url.startsWith('/api/docs')) reply.header('content-security-policy', policyOfPage);
      done(null, payload);
    });
}
