using System.Runtime.CompilerServices;

// The vectors need requests that are signed and not sent, and arguments that no structure can hold.
[assembly: InternalsVisibleTo("VoiceCall.Tests")]
