using System;
using System.Linq.Expressions;
using System.Reflection;

namespace VoiceCall.Bench
{
    /// <summary>
    /// <c>JsonSerializer</c> of the runtime, found when the program runs: Mono's compiler cannot read the assembly, because
    /// there are ref structs in it. What comes of the expressions is as fast as a call.
    /// </summary>
    internal static class SystemTextJson
    {
        private static readonly Assembly Json = Assembly.Load("System.Text.Json");
        private static readonly Type Serializer = Json.GetType("System.Text.Json.JsonSerializer", true);
        private static readonly Type Options = Json.GetType("System.Text.Json.JsonSerializerOptions", true);
        private static readonly Func<object, Type, string> Serialize = Compiled<Func<object, Type, string>>("Serialize", typeof(object));
        private static readonly Func<string, Type, object> Deserialize = Compiled<Func<string, Type, object>>("Deserialize", typeof(string));

        internal static string Write(object value)
        {
            return Serialize(value, value.GetType());
        }

        internal static object Read(string json, Type type)
        {
            return Deserialize(json, type);
        }

        private static T Compiled<T>(string name, Type first)
        {
            var method = Serializer.GetMethod(name, new[] { first, typeof(Type), Options });
            ParameterExpression value = Expression.Parameter(first), type = Expression.Parameter(typeof(Type));
            return Expression.Lambda<T>(Expression.Call(method, value, type, Expression.Constant(null, Options)), value, type).Compile();
        }
    }
}
