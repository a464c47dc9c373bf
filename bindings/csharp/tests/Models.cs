using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using VoiceCall.Interop;

namespace VoiceCall.Tests
{
    /// <summary>Between the JSON of the vectors and the typed models: by name, so that no field can be forgotten.</summary>
    internal static class Models
    {
        internal static string Snake(string name)
        {
            return Regex.Replace(name, "(?<=.)[A-Z]", "_$0").ToLowerInvariant();
        }

        /// <summary>The arguments as a model; null when a model cannot hold them: unknown fields, words and wrong types.</summary>
        internal static IWritten Request(string operation, JsonObject arguments)
        {
            switch (operation)
            {
                case "create_voice_callback": return Filled<VoiceCallback>(arguments);
                case "create_voice_notification": return Filled<VoiceNotification>(arguments);
                case "create_voice_verification_code": return Filled<VoiceVerificationCode>(arguments);
                case "get_recording_download_url": return Filled<Recording>(arguments);
                default: return null;
            }
        }

        /// <summary>The fields of an event's models against its natural form.</summary>
        internal static void CheckEvent(WebhookEvent parsed, JsonObject natural)
        {
            Check.Equal(natural.Text("eventType"), parsed.TypeName, "event type");
            Check.That(parsed.Raw.Length > 0, "an event has its raw text");
            if (parsed is StatusEvent status)
            {
                CheckFields(status, natural);
            }

            if (parsed is FeeEvent fee)
            {
                var records = natural.List("feeLst").Cast<JsonObject>().ToList();
                Check.Equal(records.Count, fee.Cdrs.Count, "number of CDRs");
                for (var i = 0; i < records.Count; i++)
                {
                    CheckFields(fee.Cdrs[i], records[i]);
                    Check.That(Json.Same(records[i], Json.Read(fee.Cdrs[i].ToJson())), "a CDR has the same natural form alone");
                }
            }
        }

        private static T Filled<T>(JsonObject from)
            where T : class, IWritten, new()
        {
            var model = (T)Filled(typeof(T), from);
            // Properties are found whatever the case of the name; on the wire case matters.
            var set = from.Names.Where(name => name != "extra" && from[name] != null);
            return model != null && set.All(Written(model).Has) ? model : null;
        }

        private static JsonObject Written(IWritten model)
        {
            using (var json = new JsonWriter())
            {
                model.Write(json);
                return Json.ReadObject(Encoding.UTF8.GetString(json.Bytes, 0, (int)json.Length));
            }
        }

        private static object Filled(Type type, JsonObject from)
        {
            var model = Activator.CreateInstance(type);
            foreach (var name in from.Names)
            {
                var property = Property(type, name);
                object value = null;
                if (property == null || (from[name] != null && (value = Converted(from[name], property)) == null))
                {
                    return null;
                }

                property.SetValue(model, value);
            }

            return model;
        }

        private static PropertyInfo Property(Type type, string wire)
        {
            var name = wire == "extra" ? "Extra" : wire;
            return type.GetProperties().SingleOrDefault(property =>
                property.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && (wire == "extra") == (property.Name == "Extra"));
        }

        /// <summary>Null when the property cannot hold the value.</summary>
        private static object Converted(object value, PropertyInfo property)
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (property.Name == "Extra")
            {
                return Json.Write(value);
            }

            if (type.IsInstanceOfType(value))
            {
                return value;
            }

            if (type.IsEnum && value is string word)
            {
                var parse = typeof(Words).GetMethod(type.Name + "Of", BindingFlags.NonPublic | BindingFlags.Static);
                return parse.Invoke(null, new object[] { word });
            }

            if (type == typeof(IList<string>) && value is List<object> texts && texts.All(text => text is string))
            {
                return texts.Cast<string>().ToList();
            }

            if (type == typeof(IList<PlayContentInfo>) && value is List<object> items && items.All(item => item is JsonObject))
            {
                var list = items.Select(item => (PlayContentInfo)Filled(typeof(PlayContentInfo), (JsonObject)item)).ToList();
                return list.Contains(null) ? null : list;
            }

            return null;
        }

        private static void CheckFields(object model, JsonObject natural)
        {
            var declared = new HashSet<string>(
                ((IntPtr[])model.GetType().GetField("Fields", BindingFlags.NonPublic | BindingFlags.Static).GetValue(null)).Select(Utf8.Text));
            foreach (var wire in declared)
            {
                var property = Property(model.GetType(), wire);
                Check.That(property != null, "there is a property for " + wire);
                Check.Equal(natural[wire], Natural(property.GetValue(model)), wire);
            }
        }

        private static object Natural(object value)
        {
            return value is DateTimeOffset time ? time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") : value;
        }
    }
}
