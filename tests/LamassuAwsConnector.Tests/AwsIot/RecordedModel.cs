using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;

namespace LamassuAwsConnector.Tests.AwsIot;

/// <summary>Turns the recordings' inputs into typed requests, and compares typed responses with the recordings' reading of them.</summary>
internal static class RecordedModel
{
    public static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "TestData", "aws", file)));

    public static object? Create(JsonElement recorded, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return recorded.GetString();
        }

        if (type == typeof(bool))
        {
            return recorded.GetBoolean();
        }

        if (type.IsPrimitive)
        {
            return Convert.ChangeType(recorded.GetInt64(), type, CultureInfo.InvariantCulture);
        }

        if (type == typeof(MemoryStream))
        {
            return new MemoryStream(Bytes(recorded));
        }

        if (type.IsSubclassOf(typeof(ConstantClass)))
        {
            return Activator.CreateInstance(type, recorded.GetString());
        }

        var model = Activator.CreateInstance(type)!;
        switch (model)
        {
            case IDictionary map:
                foreach (var entry in recorded.EnumerateObject())
                {
                    map[entry.Name] = entry.Value.GetString();
                }

                break;
            case IList list:
                foreach (var item in recorded.EnumerateArray())
                {
                    list.Add(Create(item, type.GetGenericArguments()[0]));
                }

                break;
            default:
                foreach (var member in recorded.EnumerateObject())
                {
                    var property = Property(type, member.Name);
                    Assert.True(property is not null, $"{type.Name} has no member for {member.Name}");
                    property.SetValue(model, Create(member.Value, property.PropertyType));
                }

                break;
        }

        return model;
    }

    /// <summary>Every difference between the recorded reading and ours; a member that was not read must be null.</summary>
    public static IEnumerable<string> Differences(JsonElement recorded, object? actual, string path)
    {
        if (actual is null)
        {
            return [$"{path} is null"];
        }

        return actual switch
        {
            string or bool or int or long or ConstantClass => Unequal(recorded.ToString(), Text(actual)),
            DateTime time => Unequal(
                DateTime.Parse(recorded.GetProperty("$timestamp").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).ToString("O"),
                time.ToString("O")),
            MemoryStream stream => Unequal(Convert.ToBase64String(Bytes(recorded)), Convert.ToBase64String(stream.ToArray())),
            IDictionary map => Unequal(
                string.Join('\n', recorded.EnumerateObject().Select(entry => $"{entry.Name}={entry.Value}").Order(StringComparer.Ordinal)),
                string.Join('\n', map.Keys.Cast<string>().Select(key => $"{key}={map[key]}").Order(StringComparer.Ordinal))),
            IList list when list.Count != recorded.GetArrayLength() => [$"{path} has {list.Count} items"],
            IList list => recorded.EnumerateArray().SelectMany((item, i) => Differences(item, list[i], $"{path}[{i}]")),
            _ => Members(recorded, actual, path),
        };

        IEnumerable<string> Unequal(string expected, string found) => expected == found ? [] : [$"{path}: '{found}' instead of '{expected}'"];
    }

    public static byte[] Bytes(JsonElement recorded) => recorded.TryGetProperty("$text", out var text)
        ? Encoding.UTF8.GetBytes(text.GetString()!)
        : recorded.GetProperty("$blob").GetBytesFromBase64();

    private static IEnumerable<string> Members(JsonElement recorded, object actual, string path)
    {
        var known = recorded.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
        foreach (var (name, value) in known)
        {
            if (Property(actual.GetType(), name) is not { } property)
            {
                yield return $"{path} has no member for {name}";
                continue;
            }

            foreach (var difference in Differences(value, property.GetValue(actual), $"{path}.{name}"))
            {
                yield return difference;
            }
        }

        foreach (var property in actual.GetType().GetProperties().Where(property => property.DeclaringType!.Assembly != typeof(AmazonServiceClient).Assembly))
        {
            if (property.GetValue(actual) is not null && !known.Keys.Any(name => Property(actual.GetType(), name) == property))
            {
                yield return $"{path}.{property.Name} is set";
            }
        }
    }

    private static PropertyInfo? Property(Type type, string wireName) => type.GetProperty(char.ToUpperInvariant(wireName[0]) + wireName[1..]);

    private static string Text(object value) => value is bool flag ? (flag ? "True" : "False") : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
