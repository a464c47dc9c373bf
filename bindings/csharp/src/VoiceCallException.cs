using System;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>
    /// Why something failed: what happened, whether a phone may have rung, and what to do. Names no secret and no full phone
    /// number. Look at <see cref="Delivery"/> before placing a call again.
    /// </summary>
    public sealed class VoiceCallException : Exception
    {
        private VoiceCallException(string message, int status, Exception cause = null) : base(message, cause)
        {
            Kind = (ErrorKind)status;
            KindName = Utf8.Text(Native.voicecall_status_name(status));
        }

        /// <summary>What kind of thing went wrong. A later library may know kinds that this enumeration does not name.</summary>
        public ErrorKind Kind { get; }

        /// <summary>The same as text, stable and the same in every language, e.g. <c>invalid_argument</c>.</summary>
        public string KindName { get; }

        /// <summary>
        /// Whether the request reached the platform. After <see cref="VoiceCall.Delivery.Unknown"/> the phone may be ringing:
        /// do not place the call again by program.
        /// </summary>
        public Delivery Delivery { get; private set; }

        /// <summary>Whether placing the call again makes sense.</summary>
        public Retry Retry { get; private set; }

        /// <summary>What to do.</summary>
        public string Advice { get; private set; }

        /// <summary>JSON pointer to the argument or setting at fault, e.g. <c>/playInfoList/2/templateParas</c>; or null.</summary>
        public string Field { get; private set; }

        /// <summary>The rule that the field breaks, e.g. <c>length</c>; or null.</summary>
        public string Rule { get; private set; }

        /// <summary>What was found at the field, in the unit of the rule; or null.</summary>
        public string Measured { get; private set; }

        /// <summary>
        /// The platform's result code; of <see cref="ErrorKind.InvalidArgument"/> the one that the platform would have
        /// answered; or null.
        /// </summary>
        public string ResultCode { get; private set; }

        /// <summary>The platform's text for the result code, phone numbers masked; or null.</summary>
        public string ResultDesc { get; private set; }

        /// <summary>What the result code means; or null.</summary>
        public string Meaning { get; private set; }

        /// <summary>
        /// The mark that the request carried in its user data, by which the call is recognised in webhooks; only with the setting
        /// <see cref="Config.AttemptTag"/>, else null.
        /// </summary>
        public string AttemptTag { get; private set; }

        /// <summary>The HTTP status of the platform's answer; null when there was none.</summary>
        public int? HttpStatus { get; private set; }

        /// <summary>Makes an exception of the library's error, and frees that.</summary>
        internal static VoiceCallException Take(int status, IntPtr error)
        {
            try
            {
                var httpStatus = Native.voicecall_error_http_status(error);
                return new VoiceCallException(Utf8.Text(Native.voicecall_error_message(error)), status)
                {
                    Delivery = (Delivery)Native.voicecall_error_delivery(error),
                    Retry = (Retry)Native.voicecall_error_retry(error),
                    Advice = Text(error, Numbers.ErrorAdvice),
                    Field = Text(error, Numbers.ErrorField),
                    Rule = Text(error, Numbers.ErrorRule),
                    Measured = Text(error, Numbers.ErrorMeasured),
                    ResultCode = Text(error, Numbers.ErrorResultCode),
                    ResultDesc = Text(error, Numbers.ErrorResultDesc),
                    Meaning = Text(error, Numbers.ErrorMeaning),
                    AttemptTag = Text(error, Numbers.ErrorAttemptTag),
                    HttpStatus = httpStatus == 0 ? (int?)null : httpStatus,
                };
            }
            finally
            {
                Native.voicecall_error_free(error);
            }
        }

        /// <summary>The system starts no thread, so nothing was submitted.</summary>
        internal static VoiceCallException NoThread(Exception cause)
        {
            return new VoiceCallException("no thread can be started", (int)ErrorKind.Internal, cause)
            {
                Delivery = Delivery.NotSent,
                Retry = Retry.Later,
                Advice = "Raise the limit of threads, or try again later: nothing was sent.",
            };
        }

        private static string Text(IntPtr error, int attribute)
        {
            return Utf8.Text(Native.voicecall_error_text(error, attribute, out var length), length);
        }
    }
}
