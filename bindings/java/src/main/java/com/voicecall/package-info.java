/**
 * A client for the Huawei Cloud VoiceCall service (语音通话): places calls, ends them, fetches recordings, and reads the webhooks
 * that the platform pushes. Begin with {@link com.voicecall.VoiceCallClient} and {@link com.voicecall.WebhookReceiver}.
 *
 * <p>Null where something is needed is a {@link java.lang.NullPointerException}, and a text that is no Unicode or a time-out of
 * nothing an {@link java.lang.IllegalArgumentException}; whatever else fails is a {@link com.voicecall.VoiceCallException}.
 * Getters give null for what is not there.
 */
package com.voicecall;
