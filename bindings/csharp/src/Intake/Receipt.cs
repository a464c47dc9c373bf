using System.Collections.Generic;
using System.Linq;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>What became of a push that an <see cref="Intake"/> received, and what to answer. Never changes.</summary>
    public sealed class Receipt
    {
        private readonly HashSet<long> positions;

        internal Receipt(ReceiptHandle handle, long weight)
        {
            using (handle)
            {
                Status.Found(Native.voicecall_receipt_value(handle, out var all, out var error), error);
                using (var value = new Value(all))
                {
                    Reply = new Reply(value, "/reply");
                    Verdict = new Verdict(value, "/verdict");
                    Accepted = value.Integer("/accepted") ?? 0;
                    Duplicates = value.Integer("/duplicates") ?? 0;
                    Conflicts = value.Integer("/conflicts") ?? 0;
                    Rejected = value.Integer("/rejected") ?? 0;
                    positions = new HashSet<long>(value.Items("/new", (document, at) => document.Integer(at) ?? -1));
                }

                try
                {
                    Status.Found(Native.voicecall_receipt_event(handle, out var stored, out error), error);
                    Events = new[] { WebhookEvent.Of(stored, weight) };
                }
                catch (VoiceCallException exception)
                {
                    Events = new WebhookEvent[0];
                    Error = exception;
                }
            }
        }

        /// <summary>
        /// What to answer: 200 if and only if each readable record is on the disk, whether it was new or known; 500 only when the
        /// store cannot write; 401 only when the policy refuses the signature.
        /// </summary>
        public Reply Reply { get; }

        /// <summary>How many of its records were new.</summary>
        public long Accepted { get; }

        /// <summary>How many were known; conflicts are among them.</summary>
        public long Duplicates { get; }

        /// <summary>How many contradict what is known. They are kept beside it.</summary>
        public long Conflicts { get; }

        /// <summary>How many could not be read; a body that is no push counts as one. They are kept raw.</summary>
        public long Rejected { get; }

        /// <summary>What the check of the signature found.</summary>
        public Verdict Verdict { get; }

        /// <summary>What the push says: one event, or none; <see cref="Error"/> tells why.</summary>
        public IReadOnlyList<WebhookEvent> Events { get; }

        /// <summary>
        /// Why there is no event: kind <see cref="ErrorKind.Signature"/> or <see cref="ErrorKind.MalformedWebhook"/>, both kept raw,
        /// or <see cref="ErrorKind.Storage"/> when the store could not write. Null when there is one.
        /// </summary>
        public VoiceCallException Error { get; }

        /// <summary>The CDRs that came for the first time: to act once on what comes more than once.</summary>
        public IEnumerable<Cdr> NewCdrs
        {
            get
            {
                return Events.OfType<FeeEvent>().SelectMany(fee => fee.Cdrs).Where((cdr, position) => IsNew(position));
            }
        }

        /// <summary>
        /// Whether the record at this position came for the first time. An event that is no CDR push is at position 0.
        /// </summary>
        /// <param name="position">From 0. Behind the last record nothing is new.</param>
        public bool IsNew(int position)
        {
            return positions.Contains(position);
        }
    }
}
