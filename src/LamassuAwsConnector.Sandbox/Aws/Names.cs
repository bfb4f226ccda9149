using System.Globalization;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>Patterns and lengths of the service model. The SDKs do not check them, the service does.</summary>
internal static partial class Names
{
    public static string Thing(string value) => Check(value, "thingName", ThingPattern(), 128);

    public static string ThingGroup(string value, string member = "thingGroupName") => Check(value, member, ThingPattern(), 128);

    public static string Policy(string value) => Check(value, "policyName", PolicyPattern(), 128);

    public static string Template(string value) => Check(value, "templateName", TemplatePattern(), 36);

    public static string Shadow(string value) => Check(value, "shadowName", ShadowPattern(), 64);

    public static string CertificateId(string value, string member = "certificateId") => Check(value, member, CertificateIdPattern(), 64, shortest: 64);

    public static string Marker(string value) => Check(value, "marker", MarkerPattern(), 1024);

    public static string RoleArn(string value, string member) => Check(value, member, RoleArnPattern(), 2048, shortest: 20);

    public static string TemplateDescription(string value) => Check(value, "description", TemplateDescriptionPattern(), 500, shortest: 0);

    public static string GroupDescription(string value) => Check(value, "thingGroupDescription", GroupDescriptionPattern(), 2028, shortest: 0);

    /// <summary>1 to 128 characters, not starting with <c>$</c>.</summary>
    public static string ClientId(string value) => Check(value, "clientId", ClientIdPattern(), 128);

    /// <summary>1 to 10240 characters.</summary>
    public static string TemplateBody(string value, string member = "templateBody") => Check(value, member, AnythingPattern(), 10240);

    /// <summary>1 to 65536 characters.</summary>
    public static string Pem(string value, string member) => Check(value, member, AnythingPattern(), 65536);

    /// <summary>A value for a parameter of a template, at most 4096 characters.</summary>
    public static string TemplateParameter(string value) => Check(value, "parameters", AnythingPattern(), 4096, shortest: 0);

    public static void Attributes(IReadOnlyDictionary<string, string> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            Check(name, "attributes", AttributeNamePattern(), 128);
            Check(value, "attributes", AttributeValuePattern(), 800, shortest: 0);
        }
    }

    public static void Tag(string key, string value)
    {
        Check(key, "tags.Key", TagKeyPattern(), 128);
        Check(value, "tags.Value", Assumptions.TagValuePattern, 256, shortest: 0);
    }

    /// <summary>A value of an enumeration.</summary>
    public static string OneOf(string value, string member, params string[] values) =>
        values.Contains(value) ? value : throw Invalid(value, member, $"Member must satisfy enum value set: [{string.Join(", ", values)}]");

    public static string NotNull(string? value, string member) =>
        value
        ?? throw AwsException.InvalidRequest($"1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null");

    public static int Between(long value, string member, int least, int most) =>
        value >= least && value <= most
            ? (int)value
            : throw Invalid(value.ToString(CultureInfo.InvariantCulture), member, $"Member must have value between {least} and {most}");

    private static string Check(string value, string member, Regex pattern, int longest, int shortest = 1)
    {
        if (value.EnumerateRunes().Count() < shortest)
        {
            throw Invalid(value, member, $"Member must have length greater than or equal to {shortest}");
        }

        if (value.EnumerateRunes().Count() > longest)
        {
            throw Invalid(value, member, $"Member must have length less than or equal to {longest}");
        }

        return pattern.IsMatch(value) ? value : throw Invalid(value, member, $"Member must satisfy regular expression pattern: {pattern}");
    }

    private static AwsException Invalid(string value, string member, string constraint)
    {
        return AwsException.InvalidRequest($"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}");
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9:_-]+\z")]
    private static partial Regex ThingPattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9_+=,.@-]+\z")]
    private static partial Regex PolicyPattern();

    [GeneratedRegex(@"\A[0-9A-Za-z_-]+\z")]
    private static partial Regex TemplatePattern();

    [GeneratedRegex(@"\A[$a-zA-Z0-9:_-]+\z")]
    private static partial Regex ShadowPattern();

    [GeneratedRegex(@"\A(0x)?[a-fA-F0-9]+\z")]
    private static partial Regex CertificateIdPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9+/]+={0,2}\z")]
    private static partial Regex MarkerPattern();

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:iam::[0-9]{12}:role/.+\z")]
    private static partial Regex RoleArnPattern();

    [GeneratedRegex(@"\A[^\p{C}]*\z")]
    private static partial Regex TemplateDescriptionPattern();

    // \p{Graph} of the model: visible ASCII.
    [GeneratedRegex(@"\A[\x20-\x7E]*\z")]
    private static partial Regex GroupDescriptionPattern();

    [GeneratedRegex(@"\A[^$].*\z", RegexOptions.Singleline)]
    private static partial Regex ClientIdPattern();

    [GeneratedRegex(@"\A.*\z", RegexOptions.Singleline)]
    private static partial Regex AnythingPattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9_.,@/:#-]+\z")]
    private static partial Regex AttributeNamePattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9_.,@/:#=\[\]-]*\z")]
    private static partial Regex AttributeValuePattern();

    [GeneratedRegex(@"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z")]
    private static partial Regex TagKeyPattern();
}
