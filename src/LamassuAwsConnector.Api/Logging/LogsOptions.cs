using System.ComponentModel.DataAnnotations;

namespace LamassuAwsConnector.Api.Logging;

/// <summary>What is logged, and how: <c>logs</c> in the YAML file.</summary>
public sealed class LogsOptions
{
    public const string SectionName = "logs";
    public const string Json = "json";
    public const string Text = "text";

    /// <summary><c>none</c>, <c>error</c>, <c>warning</c>, <c>info</c>, <c>debug</c> or <c>trace</c>.</summary>
    [ConfigurationKeyName("level")]
    [AllowedValues("none", "error", "warning", "info", "debug", "trace")]
    public string Level { get; init; } = "info";

    /// <summary><c>json</c>: one object in each line. <c>text</c>: for people.</summary>
    [ConfigurationKeyName("format")]
    [AllowedValues(Json, Text)]
    public string Format { get; init; } = Json;
}
