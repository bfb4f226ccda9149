namespace LamassuAwsConnector.Api.Security;

/// <summary>Who may read <c>/metrics</c>.</summary>
public sealed class MetricsAccessOptions
{
    public const string SectionName = "metrics";

    /// <summary>Everybody; else a token that may read is needed, as for the API.</summary>
    [ConfigurationKeyName("open")]
    public bool Open { get; init; }
}
