using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace LamassuAwsConnector.Api.Configuration;

/// <summary>A value of a YAML document, under its configuration key.</summary>
internal sealed record YamlValue(string Key, string Value, long Line);

/// <summary>A YAML document as configuration keys. Sequences count from 0: <c>event_retries:delays:0</c>. A key without a value is none.</summary>
internal sealed partial class YamlConfiguration(Func<string, string?> environment, Action<string> complain)
{
    private readonly List<YamlValue> values = [];

    /// <param name="text">Reading stops at the first thing in it that is no YAML.</param>
    /// <param name="environment">Value of a variable; null: it is not set.</param>
    /// <param name="problems">Gets what is wrong in an otherwise readable document: each begins with the key.</param>
    /// <exception cref="InvalidDataException">The text is no YAML; says where, and repeats none of its values.</exception>
    public static IReadOnlyList<YamlValue> Read(string text, Func<string, string?> environment, ICollection<string> problems)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            var place = exception is AnchorNotFoundException ? FirstDanglingAlias(text) : exception.Start;
            throw new InvalidDataException($"line {place.Line}, column {place.Column}: {Reason(exception)}");
        }

        var reader = new YamlConfiguration(environment, problems.Add);
        switch (yaml.Documents)
        {
            case []:
                break;
            case [{ RootNode: YamlMappingNode root }]:
                reader.Add(root, "");
                break;
            case [{ RootNode: YamlScalarNode { Value: null or "" } }]:
                break;
            case [_]:
                throw new InvalidDataException("it holds no keys");
            default:
                throw new InvalidDataException($"line {yaml.Documents[1].RootNode.Start.Line}: a second document begins, and one is read");
        }

        return reader.values;
    }

    // The library's words can hold parts of the text: *alias may be the beginning of a password without quotes.
    private static string Reason(YamlException exception) => exception switch
    {
        AnchorNotFoundException => "an alias that is defined nowhere; put a text that begins with * in quotes",
        _ when exception.Message.StartsWith("Duplicate key", StringComparison.OrdinalIgnoreCase) => "a key that is there before",
        _ => Quoted().Replace(exception.Message, "'…'"),
    };

    // The exception of an alias has the place of the document.
    private static Mark FirstDanglingAlias(string text)
    {
        var anchors = new HashSet<AnchorName>();
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            if (parser.Current is AnchorAlias alias && !anchors.Contains(alias.Value))
            {
                return alias.Start;
            }

            if (parser.Current is NodeEvent { Anchor.IsEmpty: false } node)
            {
                anchors.Add(node.Anchor);
            }
        }

        return Mark.Empty;
    }

    private void Add(YamlNode node, string path)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                foreach (var (key, value) in mapping.Children)
                {
                    Add(value, Join(path, Name(key, path)));
                }

                break;
            case YamlSequenceNode sequence:
                for (var index = 0; index < sequence.Children.Count; index++)
                {
                    Add(sequence.Children[index], Join(path, $"{index}"));
                }

                break;
            case YamlScalarNode scalar when !IsNull(scalar):
                values.Add(new YamlValue(path, Substitute(scalar.Value ?? "", path, scalar.Start.Line), scalar.Start.Line));
                break;
        }
    }

    private static string Name(YamlNode key, string path) => key is YamlScalarNode { Value: { Length: > 0 } name }
        ? name
        : throw new InvalidDataException($"line {key.Start.Line}, column {key.Start.Column}: a key of {(path.Length == 0 ? "the file" : path)} is no text");

    private static bool IsNull(YamlScalarNode scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}:{key}";

    private string Substitute(string value, string path, long line) => Variable().Replace(value, match =>
    {
        if (match.Value == "$$")
        {
            return "$";
        }

        var (name, otherwise) = (match.Groups["name"].Value, match.Groups["default"]);
        if (environment(name) is { } text && (text.Length > 0 || !otherwise.Success))
        {
            return text;
        }

        if (!otherwise.Success)
        {
            complain($"{path.Replace(':', '.')} uses the environment variable {name}, which is not set (line {line})");
        }

        return otherwise.Value;
    });

    // ${NAME}, ${NAME:-default}; $$ stands for one $.
    [GeneratedRegex(@"\$\$|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?\}")]
    private static partial Regex Variable();

    [GeneratedRegex("['\"`].*['\"`]", RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
