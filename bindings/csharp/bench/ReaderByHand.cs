using System;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;

namespace VoiceCall.Bench
{
    /// <summary>
    /// What a careful program does with the fastest JSON reader of the runtime, <c>Utf8JsonReader</c>: it knows the order of the
    /// fields, checks each name, and reads texts, integers and times into the members of records.
    /// </summary>
    /// <remarks>Emitted, because Mono's compiler does not know the ref structs that this reader is made of.</remarks>
    internal static class ReaderByHand
    {
        /// <summary>Takes names and values as they come.</summary>
        internal sealed class Sink
        {
            private readonly string[] names;
            private readonly List<Record> records = new List<Record>();
            private Record record;
            private int at;

            internal Sink(string[] names)
            {
                this.names = names;
            }

            internal int Values { get; private set; }

            /// <summary>The name that is expected next; in front of the records there are two others.</summary>
            public string Expected()
            {
                return names[at];
            }

            public void Name(bool isExpected)
            {
                if (!isExpected)
                {
                    return;
                }

                if (at == 0)
                {
                    record = new Record();
                    records.Add(record);
                }

                at = at + 1 == names.Length ? 0 : at + 1;
            }

            public void Text(string text)
            {
                if (record == null)
                {
                    return;
                }

                Values++;
                var field = at == 0 ? names.Length - 1 : at - 1;
                if (names[field].EndsWith("Time", StringComparison.Ordinal))
                {
                    record.Times[record.TimeCount++] =
                        DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
                }
                else
                {
                    record.Texts[record.TextCount++] = text;
                }
            }

            public void Integer(long integer)
            {
                Values++;
                record.Integers[record.IntegerCount++] = integer;
            }
        }

        /// <summary>As many members as the model has for these fields.</summary>
        internal sealed class Record
        {
            internal readonly string[] Texts = new string[16];
            internal readonly long[] Integers = new long[10];
            internal readonly DateTimeOffset[] Times = new DateTimeOffset[10];
            internal int TextCount;
            internal int IntegerCount;
            internal int TimeCount;
        }

        /// <summary>JsonTokenType.PropertyName, .String and .Number.</summary>
        private const int NameToken = 5;
        private const int StringToken = 7;
        private const int NumberToken = 8;

        internal static Action<byte[], Sink> Emit()
        {
            var json = Assembly.Load("System.Text.Json");
            var reader = json.GetType("System.Text.Json.Utf8JsonReader", true);
            var options = json.GetType("System.Text.Json.JsonReaderOptions", true);
            var span = typeof(object).Assembly.GetType("System.ReadOnlySpan`1", true).MakeGenericType(typeof(byte));
            var method = new DynamicMethod("Read", typeof(void), new[] { typeof(byte[]), typeof(Sink) }, typeof(ReaderByHand).Module, true);
            var il = method.GetILGenerator();
            var local = il.DeclareLocal(reader);
            var defaults = il.DeclareLocal(options);
            Label next = il.DefineLabel(), name = il.DefineLabel(), text = il.DefineLabel(), number = il.DefineLabel(), end = il.DefineLabel();
            il.Emit(OpCodes.Ldloca, local);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Newobj, span.GetConstructor(new[] { typeof(byte[]) }));
            il.Emit(OpCodes.Ldloc, defaults);
            il.Emit(OpCodes.Call, reader.GetConstructor(new[] { span, options }));
            il.MarkLabel(next);
            il.Emit(OpCodes.Ldloca, local);
            il.Emit(OpCodes.Call, reader.GetMethod("Read"));
            il.Emit(OpCodes.Brfalse, end);
            Branch(il, local, reader, NameToken, name);
            Branch(il, local, reader, StringToken, text);
            Branch(il, local, reader, NumberToken, number);
            il.Emit(OpCodes.Br, next);
            il.MarkLabel(name);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldloca, local);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Call, typeof(Sink).GetMethod("Expected"));
            il.Emit(OpCodes.Call, reader.GetMethod("ValueTextEquals", new[] { typeof(string) }));
            il.Emit(OpCodes.Call, typeof(Sink).GetMethod("Name"));
            il.Emit(OpCodes.Br, next);
            il.MarkLabel(text);
            Hand(il, local, reader, "GetString", "Text");
            il.Emit(OpCodes.Br, next);
            il.MarkLabel(number);
            Hand(il, local, reader, "GetInt64", "Integer");
            il.Emit(OpCodes.Br, next);
            il.MarkLabel(end);
            il.Emit(OpCodes.Ret);
            return (Action<byte[], Sink>)method.CreateDelegate(typeof(Action<byte[], Sink>));
        }

        private static void Branch(ILGenerator il, LocalBuilder local, Type reader, int token, Label target)
        {
            il.Emit(OpCodes.Ldloca, local);
            il.Emit(OpCodes.Call, reader.GetProperty("TokenType").GetMethod);
            il.Emit(OpCodes.Ldc_I4, token);
            il.Emit(OpCodes.Beq, target);
        }

        private static void Hand(ILGenerator il, LocalBuilder local, Type reader, string get, string take)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldloca, local);
            il.Emit(OpCodes.Call, reader.GetMethod(get, Type.EmptyTypes));
            il.Emit(OpCodes.Call, typeof(Sink).GetMethod(take));
        }
    }
}
