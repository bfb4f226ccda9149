namespace LamassuAwsConnector.Api.Configuration;

/// <summary>A value that somebody wrote, and where.</summary>
/// <param name="Key">The one that both shapes of the file share: <c>aws_config:region</c>.</param>
/// <param name="WrittenAs">As it stands there: <c>connector.aws_config.aws_region</c>, <c>AWS_CONFIG__REGION</c>.</param>
/// <param name="Place"><c>line 5 of /etc/lamassuiot/config.yml</c>, <c>environment</c>, <c>command line</c>.</param>
internal sealed record Setting(string Key, string Value, string WrittenAs, string Place)
{
    public string Path => Key.Replace(':', '.');

    /// <summary>Without the value, which may be a secret.</summary>
    public override string ToString() => $"{Path} ({Where})";

    public string Where => string.Equals(WrittenAs, Path, StringComparison.Ordinal) ? Place : $"{WrittenAs}, {Place}";
}
