using LamassuAwsConnector.Core.DeviceManufacturing;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>The provisioning template that RegisterThing runs for one device.</summary>
internal static class ThingTemplate
{
    public const string Thing = TemplateBody.Thing;
    public const string Certificate = TemplateBody.Certificate;
    public const string ThingNameParameter = "ThingName";
    public const string CertificateParameter = "CertificatePem";
    public const string CACertificateParameter = "CACertificatePem";

    private static readonly TemplateBody Body = new()
    {
        Parameters = [ThingNameParameter, CertificateParameter, CACertificateParameter],
        ThingNameParameter = ThingNameParameter,
        ExistingGroups = "MERGE",
        CertificateProperties = new Dictionary<string, string> { ["CertificatePem"] = CertificateParameter, ["CACertificatePem"] = CACertificateParameter },
    };

    public static string Build(DmsAwsSettings settings) => Body.Write(settings);
}
