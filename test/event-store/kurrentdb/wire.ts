/** The stand-in's records and refusals as messages of the protocol, by the definitions that the client package carries. */
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import status from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Appended, Expected, Proposed, Recorded } from './database.js';

export const textOf = (bytes: Uint8Array | string): string => Buffer.from(bytes as Uint8Array).toString('utf8');

export function eventMessage(event: Recorded) {
  const record = new streams.ReadResp.ReadEvent.RecordedEvent();
  const id = new shared.UUID();
  id.setString(event.id);
  record.setId(id);
  record.setStreamIdentifier(streamIdentifier(event.stream));
  record.setStreamRevision(String(event.revision));
  record.setCommitPosition(String(event.position));
  record.setPreparePosition(String(event.position));
  record.getMetadataMap().set('type', event.type);
  record.getMetadataMap().set('content-type', event.contentType);
  // .NET ticks of 100 ns since 1970.
  record.getMetadataMap().set('created', String(BigInt(event.created) * 10_000n));
  record.setCustomMetadata(event.metadata);
  record.setData(event.data);
  const read = new streams.ReadResp.ReadEvent();
  read.setEvent(record);
  read.setCommitPosition(String(event.position));
  return new streams.ReadResp().setEvent(read);
}

export function streamIdentifier(stream: string) {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8').toString('base64'));
  return identifier;
}

export function streamNotFound(stream: string) {
  const message = new streams.ReadResp.StreamNotFound();
  message.setStreamIdentifier(streamIdentifier(stream));
  return new streams.ReadResp().setStreamNotFound(message);
}

export function confirmation() {
  const message = new streams.ReadResp.SubscriptionConfirmation();
  message.setSubscriptionId(crypto.randomUUID());
  return new streams.ReadResp().setConfirmation(message);
}

export function checkpoint(position: bigint) {
  const message = new streams.ReadResp.Checkpoint();
  message.setCommitPosition(String(position));
  message.setPreparePosition(String(position));
  return new streams.ReadResp().setCheckpoint(message);
}

export const caughtUp = () => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());

interface ProposedMessage {
  getId(): { getString(): string } | undefined;
  getMetadataMap(): { get(name: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}
export const proposed = (message: ProposedMessage): Proposed => ({
  id: message.getId()!.getString(),
  type: message.getMetadataMap().get('type')!,
  contentType: message.getMetadataMap().get('content-type')!,
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

/** The answer to one batch of a `batchAppend`. */
export function batchAnswer(
  correlation: InstanceType<typeof shared.UUID>,
  stream: string,
  expected: Expected,
  outcome: Appended,
) {
  const answer = new streams.BatchAppendResp();
  answer.setCorrelationId(correlation);
  answer.setStreamIdentifier(streamIdentifier(stream));
  if ('written' in outcome) {
    const success = new streams.BatchAppendResp.Success();
    success.setCurrentRevision(String(outcome.revision));
    const position = new shared.AllStreamPosition();
    position.setCommitPosition(String(outcome.position));
    position.setPreparePosition(String(outcome.position));
    success.setPosition(position);
    return answer.setSuccess(success);
  }
  const [name, detail] = refusal(expected, outcome, stream);
  const details = new any.Any();
  details.pack(detail.serializeBinary(), `event_store.client.${name}`);
  const error = new status.Status();
  error.setMessage(name);
  error.setDetails(details);
  return answer.setError(error);
}

function refusal(expected: Expected, outcome: Exclude<Appended, { written: true }>, stream: string) {
  if ('tooLarge' in outcome) {
    const detail = new shared.MaximumAppendSizeExceeded();
    detail.setMaxappendsize(outcome.tooLarge);
    return ['MaximumAppendSizeExceeded', detail] as const;
  }
  if ('deleted' in outcome) {
    const detail = new shared.StreamDeleted();
    detail.setStreamIdentifier(streamIdentifier(stream));
    return ['StreamDeleted', detail] as const;
  }
  const detail = new shared.WrongExpectedVersion();
  if (outcome.actual < 0) detail.setCurrentNoStream(new empty.Empty());
  else detail.setCurrentStreamRevision(String(outcome.actual));
  if (expected === -1) detail.setExpectedNoStream(new empty.Empty());
  else if (expected === 'stream-exists') detail.setExpectedStreamExists(new empty.Empty());
  else detail.setExpectedStreamPosition(String(expected));
  return ['WrongExpectedVersion', detail] as const;
}

export function timedOut(correlation: InstanceType<typeof shared.UUID>) {
  const details = new any.Any();
  details.pack(new shared.Timeout().serializeBinary(), 'event_store.client.Timeout');
  const error = new status.Status();
  error.setDetails(details);
  return new streams.BatchAppendResp()
    .setCorrelationId(correlation)
    .setError(error)
    .setStreamIdentifier(streamIdentifier(''));
}
