using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;

namespace VoiceCall.Interop
{
    /// <summary>Headers in the shapes that frameworks have, as pairs.</summary>
    internal static class HeaderPairs
    {
        internal static KeyValuePair<string, string>[] Of(IEnumerable<KeyValuePair<string, string>> headers)
        {
            return (headers ?? throw new ArgumentNullException(nameof(headers))).ToArray();
        }

        internal static KeyValuePair<string, string>[] Of(NameValueCollection headers)
        {
            var names = (headers ?? throw new ArgumentNullException(nameof(headers))).AllKeys;
            return names.Select(name => new KeyValuePair<string, string>(name, headers[name])).ToArray();
        }

        /// <summary>Looks up the only header that is read.</summary>
        internal static KeyValuePair<string, string>[] Of(Func<string, string> headers)
        {
            var value = (headers ?? throw new ArgumentNullException(nameof(headers)))(Numbers.SignatureHeader);
            return value == null
                ? new KeyValuePair<string, string>[0]
                : new[] { new KeyValuePair<string, string>(Numbers.SignatureHeader, value) };
        }
    }
}
