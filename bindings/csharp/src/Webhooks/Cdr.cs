using System;
using System.Collections.Generic;
using VoiceCall.Interop;

namespace VoiceCall
{
    public sealed partial class Cdr : CdrPlace
    {
        /// <summary>The JSON text of the record, as it came: what to store. Holds personal data.</summary>
        public string Raw => EventText.Raw(Event, Index);

        /// <summary>The record as JSON under wire names; see <see cref="WebhookEvent.ToJson"/>. Holds personal data.</summary>
        public string ToJson()
        {
            return EventText.Json(Event, Index);
        }

        /// <summary>What the fields say together: legs, minutes, price, recording, and why the call ended.</summary>
        /// <param name="pricePerMinute">
        /// Price of a minute of one leg as decimal text, e.g. <c>0.18</c>; null: no price is told.
        /// </param>
        /// <exception cref="VoiceCallException">The price is no plain decimal number.</exception>
        public CdrSummary Summary(string pricePerMinute = null)
        {
            using (var summary = EventText.Summary(Event, Index, pricePerMinute))
            {
                return new CdrSummary(summary);
            }
        }

        internal static IReadOnlyList<Cdr> AllOf(EventHandle handle)
        {
            return Row.ReadAll(handle, Fields, row => new Cdr(row));
        }
    }

    /// <summary>Where a CDR stands: it keeps its message alive.</summary>
    public abstract class CdrPlace
    {
        internal CdrPlace(Row row)
        {
            Event = row.Event;
            Index = (UIntPtr)(uint)row.Index;
        }

        internal EventHandle Event { get; }

        internal UIntPtr Index { get; }
    }
}
