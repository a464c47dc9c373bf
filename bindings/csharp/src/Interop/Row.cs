using System;

namespace VoiceCall.Interop
{
    /// <summary>The fields of one record, while it is read.</summary>
    internal unsafe struct Row
    {
        /// <summary>Records that are read in one call: their columns are on the stack.</summary>
        private const int Most = 16;

        private static readonly DateTimeOffset Epoch = new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

        private byte** texts;
        private UIntPtr* lengths;
        private long* integers;

        /// <summary>Fields of a record, and so the way back to the same field of the record before.</summary>
        private int stride;

        /// <summary>Whether no record before it was read in the same call.</summary>
        private bool isFirst;

        /// <summary>The last text of each field.</summary>
        private string[] made;

        /// <summary>The event that the record is of.</summary>
        internal EventHandle Event { get; private set; }

        /// <summary>The record's position in it.</summary>
        internal int Index { get; private set; }

        /// <summary>Reads all records of an event; <paramref name="record"/> makes an object of each.</summary>
        internal static T[] ReadAll<T>(EventHandle from, IntPtr[] fields, Func<Row, T> record)
        {
            var records = new T[checked((int)Native.voicecall_event_record_count(from))];
            for (var first = 0; first < records.Length; first += Most)
            {
                ReadSome(from, fields, first, records, record);
            }

            return records;
        }

        internal static DateTimeOffset? Time(long seconds)
        {
            return seconds == long.MinValue ? (DateTimeOffset?)null : Epoch.AddSeconds(seconds);
        }

        /// <summary>
        /// A text. The records of a push are of one application and one second: where a field says what it said in the record
        /// before, it is the same object.
        /// </summary>
        internal string Text(int field)
        {
            if (texts[field] == null)
            {
                return null;
            }

            var text = SameAsBefore(field) ? made[field] : Utf8.Text(texts[field], (int)lengths[field]);
            made[field] = text;
            return text;
        }

        internal long? Integer(int field)
        {
            return integers[field] == long.MinValue ? (long?)null : integers[field];
        }

        /// <summary>A time in seconds since 1970, for <see cref="Time"/>.</summary>
        internal long Seconds(int field)
        {
            return integers[field];
        }

        private bool SameAsBefore(int field)
        {
            if (isFirst || texts[field - stride] == null || lengths[field] != lengths[field - stride])
            {
                return false;
            }

            byte* left = texts[field], right = texts[field - stride];
            for (var i = (int)lengths[field] - 1; i >= 0; i--)
            {
                if (left[i] != right[i])
                {
                    return false;
                }
            }

            return true;
        }

        private static void ReadSome<T>(EventHandle from, IntPtr[] fields, int first, T[] records, Func<Row, T> record)
        {
            var count = Math.Min(Most, records.Length - first);
            var cells = count * fields.Length;
            var texts = stackalloc byte*[cells];
            var lengths = stackalloc UIntPtr[cells];
            var integers = stackalloc long[cells];
            var status = Native.voicecall_event_read(
                from, (UIntPtr)(uint)first, (UIntPtr)(uint)count, fields, (UIntPtr)(uint)fields.Length, texts, lengths, integers, out var error);
            Status.Found(status, error);
            var made = new string[fields.Length];
            for (var i = 0; i < count; i++)
            {
                var begin = i * fields.Length;
                records[first + i] = record(new Row
                {
                    texts = texts + begin,
                    lengths = lengths + begin,
                    integers = integers + begin,
                    stride = fields.Length,
                    isFirst = i == 0,
                    made = made,
                    Event = from,
                    Index = first + i,
                });
            }
        }
    }
}
