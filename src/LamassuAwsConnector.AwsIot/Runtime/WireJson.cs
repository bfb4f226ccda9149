using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;

namespace LamassuAwsConnector.AwsIot;

/// <summary>How the models travel as JSON. Needs no attributes on them, so that they look as the official ones do.</summary>
internal static class WireJson
{
    public static readonly JsonSerializerOptions Options = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new ConstantConverterFactory(), new EpochSecondsConverter() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutRuntimeMembers, LeaveOutUnsetCollections } },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>The SDK's base classes have members of their own (status, metadata), which a body must not be able to set.</summary>
    private static void LeaveOutRuntimeMembers(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].AttributeProvider is MemberInfo { DeclaringType: { } owner } && owner.Assembly == typeof(AmazonServiceClient).Assembly)
            {
                type.Properties.RemoveAt(i);
            }
        }
    }

    private static void LeaveOutUnsetCollections(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => typeof(ICollection).IsAssignableFrom(property.PropertyType)))
        {
            property.ShouldSerialize = (_, value) => !Unset.Is(value);
        }
    }
}
