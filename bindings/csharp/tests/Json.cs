using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace VoiceCall.Tests
{
    /// <summary>
    /// Reads JSON of which the tests know that it is valid: objects, lists, texts, numbers as <see cref="long"/> or
    /// <see cref="double"/>, truth values, null. Nothing of the library is used: it is what is tested.
    /// </summary>
    internal sealed class Json
    {
        private readonly string text;
        private int at;

        private Json(string text)
        {
            this.text = text;
        }

        internal static object Read(string text)
        {
            return new Json(text).Value();
        }

        internal static JsonObject ReadObject(string text)
        {
            return (JsonObject)Read(text);
        }

        /// <summary>As values: the order of members does not matter, 1 and "1" differ.</summary>
        internal static bool Same(object left, object right)
        {
            if (left is JsonObject leftObject && right is JsonObject rightObject)
            {
                return leftObject.Names.Count() == rightObject.Names.Count()
                    && leftObject.Names.All(name => rightObject.Has(name) && Same(leftObject[name], rightObject[name]));
            }

            if (left is List<object> leftList && right is List<object> rightList)
            {
                return leftList.Count == rightList.Count && leftList.Zip(rightList, Same).All(same => same);
            }

            return Equals(left, right);
        }

        internal static string Write(object value)
        {
            if (value is JsonObject json)
            {
                return "{" + string.Join(",", json.Names.Select(name => Quoted(name) + ":" + Write(json[name]))) + "}";
            }

            if (value is List<object> list)
            {
                return "[" + string.Join(",", list.Select(Write)) + "]";
            }

            if (value is bool flag)
            {
                return flag ? "true" : "false";
            }

            return value == null ? "null" : value is string text ? Quoted(text) : Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        private static string Quoted(string text)
        {
            var quoted = new StringBuilder("\"");
            foreach (var c in text)
            {
                quoted.Append(c < ' ' || c == '"' || c == '\\' || char.IsSurrogate(c) ? "\\u" + ((int)c).ToString("x4") : c.ToString());
            }

            return quoted.Append('"').ToString();
        }

        private object Value()
        {
            switch (Next())
            {
                case '{': return Object();
                case '[': return List();
                case '"': return Text();
                case 't': return Word("true", true);
                case 'f': return Word("false", false);
                case 'n': return Word("null", null);
                default: return Number();
            }
        }

        /// <summary>The next character that is no blank.</summary>
        private char Next()
        {
            while (char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            return text[at];
        }

        private JsonObject Object()
        {
            var json = new JsonObject();
            for (at++; Next() != '}'; Skip(','))
            {
                var name = Text();
                Next();
                at++;
                json.Add(name, Value());
            }

            at++;
            return json;
        }

        private List<object> List()
        {
            var list = new List<object>();
            for (at++; Next() != ']'; Skip(','))
            {
                list.Add(Value());
            }

            at++;
            return list;
        }

        private void Skip(char c)
        {
            if (Next() == c)
            {
                at++;
            }
        }

        private string Text()
        {
            Next();
            var value = new StringBuilder();
            for (at++; text[at] != '"'; at++)
            {
                value.Append(text[at] == '\\' ? Escaped() : text[at]);
            }

            at++;
            return value.ToString();
        }

        private char Escaped()
        {
            at++;
            switch (text[at])
            {
                case 'n': return '\n';
                case 'r': return '\r';
                case 't': return '\t';
                case 'b': return '\b';
                case 'f': return '\f';
                case 'u':
                    at += 4;
                    return (char)int.Parse(text.Substring(at - 3, 4), NumberStyles.HexNumber);
                default: return text[at];
            }
        }

        private object Number()
        {
            var begin = at;
            while (at < text.Length && "+-.eE0123456789".IndexOf(text[at]) >= 0)
            {
                at++;
            }

            var number = text.Substring(begin, at - begin);
            return long.TryParse(number, out var whole) ? (object)whole : double.Parse(number, CultureInfo.InvariantCulture);
        }

        private object Word(string word, object value)
        {
            at += word.Length;
            return value;
        }
    }

    /// <summary>An object that keeps the order of its members.</summary>
    internal sealed class JsonObject
    {
        private readonly List<string> names = new List<string>();
        private readonly Dictionary<string, object> members = new Dictionary<string, object>();

        internal IEnumerable<string> Names => names;

        /// <summary>The member; null when there is none.</summary>
        internal object this[string name] => members.TryGetValue(name, out var value) ? value : null;

        internal bool Has(string name)
        {
            return members.ContainsKey(name);
        }

        internal void Add(string name, object value)
        {
            if (!members.ContainsKey(name))
            {
                names.Add(name);
            }

            members[name] = value;
        }

        internal void Remove(string name)
        {
            names.Remove(name);
            members.Remove(name);
        }

        internal string Text(string name)
        {
            return (string)this[name];
        }

        internal JsonObject Object(string name)
        {
            return (JsonObject)this[name];
        }

        internal List<object> List(string name)
        {
            return (List<object>)this[name] ?? new List<object>();
        }
    }
}
