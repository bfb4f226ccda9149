using LamassuAwsConnector.Core.Configuration;

namespace LamassuAwsConnector.Api.Configuration;

/// <summary>All options that have a value, as a YAML file of the connector's own shape, with where each comes from and without secrets.</summary>
internal static class EffectiveConfiguration
{
    private const int CommentColumn = 60;

    public static void Write(TextWriter output, IConfiguration configuration, WrittenSettings written)
    {
        var open = "";
        foreach (var option in ConfigurationSchema.Options)
        {
            var (value, origin) = Value(option, configuration, written);
            if (value.Length == 0)
            {
                continue;
            }

            var parts = option.Key.Split(':');
            for (var depth = 0; depth < parts.Length - 1; depth++)
            {
                var section = string.Join(':', parts.Take(depth + 1));
                if (open != section && !open.StartsWith($"{section}:", StringComparison.Ordinal))
                {
                    output.WriteLine($"{Indentation(depth)}{parts[depth]}:");
                    open = section;
                }
            }

            open = string.Join(':', parts.SkipLast(1));
            output.WriteLine($"{Indentation(parts.Length - 1)}{parts[^1]}: {value}".PadRight(CommentColumn) + $" # {origin}");
        }
    }

    private static (string Value, string Origin) Value(OptionMember option, IConfiguration configuration, WrittenSettings written)
    {
        var origin = written.Find(option.Key)?.Where ?? "appsettings";
        if (option.IsList)
        {
            var elements = configuration.GetSection(option.Key).GetChildren().Select(element => Shown($"{option.Key}:{element.Key}")).ToList();
            return elements.Count == 0 ? ("", "") : ($"[{string.Join(", ", elements)}]", origin);
        }

        return configuration[option.Key] is null ? (Text(OptionText.Of(option.Default)), "default") : (Shown(option.Key), origin);

        // As it was written, also where it can't be read.
        string Shown(string key) => Text(written.Find(key)?.Value ?? configuration[key] ?? "");

        string Text(string value) => value.Length == 0 ? "" : OptionText.Yaml(OptionText.Masked(option, value));
    }

    private static string Indentation(int depth) => new(' ', 2 * depth);
}
