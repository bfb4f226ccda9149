using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>The provisioning template that AWS runs when a device of a DMS connects for the first time.</summary>
internal static class JitpTemplateBody
{
    // https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html
    private const string Prefix = "AWS::IoT::Certificate::";
    private const string CommonName = Prefix + "CommonName";
    private const string Id = Prefix + "Id";

    /// <param name="settings">The DMS's policies and groups.</param>
    /// <param name="subjectAttributes">What else of the subject becomes an attribute of the thing, under its own name.</param>
    public static string Build(DmsAwsSettings settings, IReadOnlyList<string> subjectAttributes) => new TemplateBody
    {
        Parameters = [CommonName, Id, .. subjectAttributes.Select(name => Prefix + name)],
        ThingNameParameter = CommonName,
        Attributes = subjectAttributes.ToDictionary(name => name, name => Prefix + name),

        // A thing that is in another group of the same hierarchy would fail, and AWS tells nobody.
        ExistingGroups = "DO_NOTHING",
        CertificateProperties = new Dictionary<string, string> { ["CertificateId"] = Id },
    }.Write(settings);
}
