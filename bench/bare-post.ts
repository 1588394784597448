/**
 * What writing is measured beside: a bare Nest POST on Fastify that validates the same body with class-validator, stores
 * nothing and answers 201. `bare-post.ts [FILE]`, a process of its own; prints its address. With a FILE it has first
 * committed the body there, durably.
 */
import 'reflect-metadata';
import { Body, Controller, Module, Post, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsString, Length, ValidateNested } from 'class-validator';
import { bareStore } from './bare-store.js';

const commit = process.argv[2] === undefined ? undefined : bareStore(process.argv[2]);

class TextBody {
  @IsString()
  @Length(1, 1_000_000)
  text: string;
}

class Edit {
  @IsString()
  @Length(1, 500)
  note: string;

  @ValidateNested()
  @Type(() => TextBody)
  body: TextBody;
}

@Controller('api/stories')
class Edits {
  @Post(':story/versions')
  edit(@Body() edit: Edit) {
    commit?.(Buffer.from(JSON.stringify(edit)));
    return { note: edit.note };
  }
}

@Module({ controllers: [Edits] })
class Bare {}

const app = await NestFactory.create<NestFastifyApplication>(Bare, new FastifyAdapter(), { logger: false });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
await app.listen(0, '127.0.0.1');
console.log(await app.getUrl());
