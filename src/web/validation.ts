/** Checks requests against their DTOs and names every fault by a JSON Pointer (body) or its parameter (query, path). */
import { type ArgumentMetadata, Injectable, type ValidationError, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { at, isObject } from '../content/check.js';
import type { Fault } from '../content/types.js';
import { Refused, type RequestFault } from './problem.js';

@Injectable()
export class RequestValidation extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => invalid(errors.flatMap((error) => faultsOf(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { type, metatype } = metadata;
    if (type === 'custom' || (metatype === String && typeof value === 'string')) return value;
    if (type === 'query' && metatype && needsOnlyStrings(value, metatype)) return Object.assign(new metatype(), value);
    if (metadata.type === 'body' && this.toValidate(metadata) && value != null && !isObject(value)) {
      throw invalid([{ pointer: '', code: 'is-object', detail: 'must be a JSON object' }]);
    }
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (!(error instanceof Refused) || metadata.type === 'body') throw error;
      const faults = (error.refusal.faults ?? []) as readonly Fault[];
      throw invalid(
        faults.map(({ pointer, code, detail }) => ({ parameter: metadata.data ?? pointer.slice(1), code, detail })),
      );
    }
  }
}

/** What members of a DTO must be, by name. */
const constraintsOf = new Map<unknown, ReadonlyMap<string, ReadonlySet<string>>>();

function constraints(dto: NonNullable<ArgumentMetadata['metatype']>): ReadonlyMap<string, ReadonlySet<string>> {
  const known = constraintsOf.get(dto);
  if (known) return known;
  const found = new Map<string, Set<string>>();
  for (const { propertyName, name = '?' } of getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false)) {
    found.set(propertyName, (found.get(propertyName) ?? new Set()).add(name));
  }
  constraintsOf.set(dto, found);
  return found;
}

/**
 * Whether all that is given may be any string, and is one, and nothing is left out that must be there: so it is with most
 * queries, and checking them in general would be a good part of what a short answer costs.
 */
function needsOnlyStrings(given: unknown, dto: NonNullable<ArgumentMetadata['metatype']>): boolean {
  const members = constraints(dto);
  for (const [name, value] of Object.entries(given as object)) {
    const own = members.get(name);
    if (typeof value !== 'string' || !own?.has('isString')) return false;
    for (const constraint of own) if (constraint !== 'isString' && constraint !== 'isOptional') return false;
  }
  for (const [name, own] of members) {
    if (!own.has('isOptional') && !Object.hasOwn(given as object, name)) return false;
  }
  return true;
}

/** Faults beyond these are counted, not listed: an answer is not to be larger than what was sent. */
const mostFaults = 100;

/** The refusal of a request that is well-formed and wrong. */
export function invalid(faults: readonly RequestFault[]): Refused {
  const count = faults.length === 1 ? 'One thing is' : `${faults.length} things are`;
  const listed = faults.length > mostFaults ? `; the first ${mostFaults} are listed` : '';
  const detail = `${count} wrong with the request${listed}.`;
  return new Refused({ code: 'invalid', detail, faults: faults.slice(0, mostFaults) });
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function faultsOf(error: ValidationError, parent: string): Fault[] {
  const pointer = at(parent, error.property);
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) =>
    constraint === 'whitelistValidation'
      ? { pointer, code: 'unknown-member', detail: 'is not a member of this request' }
      : { pointer, code: kebab(constraint), detail: message },
  );
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, pointer))];
}
