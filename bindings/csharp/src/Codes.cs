using System;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>The platform's code tables.</summary>
    public static class Codes
    {
        /// <summary>Looks a code up. An unknown one is no error: the platform has more codes than it documents.</summary>
        /// <param name="table">
        /// <c>result</c> (of an answer), <c>state</c> (stateCode of a disconnect event), <c>release_point</c> (ulFailReason of a
        /// CDR) or <c>q850</c> (callOutUnaswRsn and fwdUnaswRsn of a CDR).
        /// </param>
        /// <param name="code">The code as text, e.g. <c>1010002</c>.</param>
        /// <param name="httpStatus">What came with a result code, if known.</param>
        /// <param name="text">The platform's text that came with a result code, if known.</param>
        public static Code Find(string table, string code, int? httpStatus = null, string text = null)
        {
            var inTable = Utf8.Terminated(table ?? throw new ArgumentNullException(nameof(table)));
            var wanted = Utf8.Terminated(code ?? throw new ArgumentNullException(nameof(code)));
            Library.Require();
            var status = Native.voicecall_code_find(inTable, wanted, httpStatus ?? 0, Utf8.Terminated(text), out var row, out var error);
            Status.Found(status, error);
            using (var value = new Value(row))
            {
                return new Code(value);
            }
        }
    }
}
