using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LamassuAwsConnector.Api.Configuration;

/// <summary>A YAML document as configuration keys. Sequences count from 0: <c>event_retries:delays:0</c>.</summary>
internal static partial class YamlConfiguration
{
    /// <exception cref="InvalidDataException">The text is no YAML, or names an environment variable that is not set; says which and where.</exception>
    public static Dictionary<string, string?> Read(TextReader text, Func<string, string?> environment)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var yaml = new YamlStream();
        try
        {
            yaml.Load(text);
        }
        catch (YamlException exception)
        {
            throw new InvalidDataException($"line {exception.Start.Line}: {exception.Message}", exception);
        }

        if (yaml.Documents.Count > 0)
        {
            Flatten(yaml.Documents[0].RootNode, "", values, environment);
        }

        return values;
    }

    private static void Flatten(YamlNode node, string path, Dictionary<string, string?> values, Func<string, string?> environment)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                foreach (var (key, value) in mapping.Children)
                {
                    Flatten(value, Join(path, ((YamlScalarNode)key).Value ?? ""), values, environment);
                }

                break;
            case YamlSequenceNode sequence:
                for (var index = 0; index < sequence.Children.Count; index++)
                {
                    Flatten(sequence.Children[index], Join(path, $"{index}"), values, environment);
                }

                break;
            case YamlScalarNode scalar when IsNull(scalar):
                values[path] = null;
                break;
            case YamlScalarNode scalar:
                values[path] = Substitute(scalar.Value ?? "", path, environment);
                break;
        }
    }

    private static bool IsNull(YamlScalarNode scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}:{key}";

    private static string Substitute(string value, string path, Func<string, string?> environment) => Variable().Replace(value, match =>
        match.Value == "$$" ? "$"
        : environment(match.Groups["name"].Value) is { } text && (text.Length > 0 || !match.Groups["default"].Success) ? text
        : match.Groups["default"].Success ? match.Groups["default"].Value
        : throw new InvalidDataException($"{path} uses the environment variable {match.Groups["name"].Value}, which is not set"));

    // ${NAME}, ${NAME:-default}; $$ stands for one $.
    [GeneratedRegex(@"\$\$|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?\}")]
    private static partial Regex Variable();
}
