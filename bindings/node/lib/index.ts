// What `require('voicecall')` gives.

export { Client, newAttemptTag } from './client.js';
export { findCode, type CodeMeaning, type CodeTable } from './codes.js';
export { VoiceCallError } from './errors.js';
export * from './generated/enumerations.js';
export type { Delivery, ErrorKind, Retry, Rule } from './generated/errors.js';
export type {
  Application,
  PlacedCall,
  PlayContentInfo,
  Recording,
  VoiceCallback,
  VoiceNotification,
  VoiceVerificationCode,
  WebhookConfig,
} from './generated/types.js';
export { Intake } from './intake/intake.js';
export type { Requests } from './generated/operations.js';
export type { Attempt, RingingOperation } from './intake/operations.js';
export type {
  CallFilter,
  CdrFilter,
  ExportOptions,
  IntakeOptions,
  Time,
  TotalBy,
  TotalsOptions,
  WaitOptions,
} from './intake/options.js';
export { Receipt } from './intake/receipt.js';
export { Call } from './intake/story.js';
export type { RejectedFilter, RejectedPage, RejectedText, Retried } from './intake/rejected.js';
export type { CallLeg, CallPage, CallState, Condition, Digits, Ending, Moment, Purged, Total } from './intake/story.js';
export type { CallOptions, ClientOptions, DownloadedRecording, DownloadOptions, Progress } from './options.js';
export type { RawBody } from './webhook/body.js';
export type { Cause, DirectRecording, Explanation, Leg, Price, Tariff } from './webhook/conclusions.js';
export { Cdr, FeeEvent, StatusEvent, UnknownEvent } from './webhook/events.js';
export type { RejectedRecord, StatusEventType, UnknownEventType, WebhookEvent } from './webhook/events.js';
export type { RequestHeaders } from './webhook/headers.js';
export type { OpenVerdict, RefusedVerdict, ValidVerdict, Verdict } from './webhook/verdict.js';
export { parseWebhook, Webhook, type Received, type Reply } from './webhook/webhook.js';
