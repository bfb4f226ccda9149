using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;

namespace LamassuAwsConnector.AwsIot;

/// <summary>JSON as AWS IoT speaks it: members in camelCase, absent when null, times as seconds since the epoch, enumerations as text that may be unknown.</summary>
internal static class WireJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new EpochSeconds(), new Enumerations() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { WithoutMembersOfTheRuntime } },
    };

    private static void WithoutMembersOfTheRuntime(JsonTypeInfo type)
    {
        for (var index = type.Properties.Count - 1; index >= 0; index--)
        {
            if ((type.Properties[index].AttributeProvider as MemberInfo)?.DeclaringType?.Assembly == typeof(AmazonWebServiceResponse).Assembly)
            {
                type.Properties.RemoveAt(index);
            }
        }
    }

    private sealed class EpochSeconds : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => DateTime.UnixEpoch.AddSeconds(reader.GetDouble());

        // No operation here sends a time.
        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            writer.WriteNumberValue((value.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
    }

    private sealed class Enumerations : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsSubclassOf(typeof(ConstantClass));

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Enumeration<>).MakeGenericType(typeToConvert));
    }

    private sealed class Enumeration<T> : JsonConverter<T>
        where T : ConstantClass
    {
        private readonly Func<string, T> find = typeof(T).GetMethod("FindValue", [typeof(string)]).CreateDelegate<Func<string, T>>();

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => find(reader.GetString());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
