using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Tests.Sandbox.Lamassu;

/// <summary>
/// Serial numbers, key ids and profile ids are made anew in each run: from those of the recording to those of the stand-in, and both to a form in which they
/// can be compared as text.
/// </summary>
internal sealed partial class RecordedNames
{
    private static readonly string[] MadeAnew = ["serial_number", "subject_key_id", "authority_key_id"];

    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    public string Translate(string text) => names.Aggregate(text, (present, name) => present.Replace(name.Key, name.Value, StringComparison.Ordinal));

    public void Learn(JsonNode? recorded, Answer answer)
    {
        if (recorded is JsonObject && answer.Text.StartsWith('{'))
        {
            Learn(recorded, answer.Json);
        }
        else if (recorded is JsonValue && ((string)recorded!).StartsWith("-----BEGIN CERTIFICATE", StringComparison.Ordinal) && answer.Status == 200)
        {
            using var before = X509Certificate2.CreateFromPem((string)recorded!);
            using var now = X509Certificate2.CreateFromPem(answer.Text);
            Learn(SerialNumberOf(before), SerialNumberOf(now));
        }
    }

    public static string SerialNumberOf(X509Certificate2 certificate) => Convert.ToHexStringLower(certificate.SerialNumberBytes.Span.TrimStart((byte)0));

    /// <summary>JSON with the members in their order, in which every value that is another one in each run is masked.</summary>
    public static string Masked(JsonNode? node) => Mask(node)?.ToJsonString() ?? "null";

    private void Learn(JsonNode? recorded, JsonNode? actual)
    {
        if (recorded is not JsonObject before || actual is not JsonObject now)
        {
            return;
        }

        foreach (var (name, value) in before)
        {
            if (value is JsonObject)
            {
                Learn(value, now[name]);
            }
            else if (MadeAnew.Contains(name) && now[name] is not null)
            {
                Learn((string)value!, (string)now[name]!);
            }
            else if (name == "id" && before.ContainsKey("sign_as_ca"))
            {
                Learn((string)value!, (string)now[name]!);
            }
        }
    }

    private void Learn(string recorded, string actual)
    {
        if (recorded.Length > 2 && recorded != actual)
        {
            names.TryAdd(recorded, actual);
        }
    }

    private static JsonNode? Mask(JsonNode? node) => node switch
    {
        JsonObject map => Mask(map),
        JsonArray list => new JsonArray([.. list.Select(Mask)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Mask(value.GetValue<string>()),
        _ => node?.DeepClone(),
    };

    private static JsonObject Mask(JsonObject map)
    {
        var masked = new JsonObject();
        foreach (var (name, value) in map)
        {
            var maskedName = Mask(name);
            masked[maskedName == name ? name : $"{maskedName}{masked.Count}"] = Mask(value);
        }

        return masked;
    }

    private static string Mask(string text)
    {
        if (text.StartsWith("LS0tLS1CRUdJTi", StringComparison.Ordinal))
        {
            return "<pem>";
        }

        return text == "0001-01-01T00:00:00Z" ? text : Digits.Replace(Time.Replace(text, "<time>"), "<hex>");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", RegexOptions.ExplicitCapture)]
    private static partial Regex Time { get; }

    [GeneratedRegex("[0-9a-f]{16,}(-[0-9a-f]{16})?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.ExplicitCapture)]
    private static partial Regex Digits { get; }
}
