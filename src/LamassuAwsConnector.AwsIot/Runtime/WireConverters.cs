using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Runtime;

namespace LamassuAwsConnector.AwsIot;

/// <summary>Enumerations of the SDK are classes around a string. A value that we do not know is kept.</summary>
internal sealed class ConstantConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsSubclassOf(typeof(ConstantClass));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T>
        where T : ConstantClass
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } value ? Constants.Find<T>(value) : null;

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    /// <summary>Derived only to reach the protected lookup.</summary>
    private sealed class Constants(string value) : ConstantClass(value)
    {
        public static T Find<T>(string value)
            where T : ConstantClass => FindValue<T>(value);
    }
}

/// <summary>Times are seconds since the epoch with a fraction, possibly with an exponent. Decimal keeps the milliseconds exact.</summary>
internal sealed class EpochSecondsConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTime.UnixEpoch.AddTicks((long)(reader.GetDecimal() * TimeSpan.TicksPerSecond));

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((decimal)(value.ToUniversalTime() - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond);
}
