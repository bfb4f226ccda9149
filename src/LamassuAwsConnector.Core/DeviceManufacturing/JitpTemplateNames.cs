using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.IoT.Model;
using LamassuAwsConnector.Core.Aws;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>What a DMS's provisioning template is called and how it is marked.</summary>
internal static partial class JitpTemplateNames
{
    /// <summary>Which connector made the template.</summary>
    public const string ConnectorTag = "LMS.CONNECTOR.ID";

    /// <summary>Which DMS it was made for.</summary>
    public const string DmsTag = "LMS.DMS.ID";

    /// <summary>The mark of the existing connector, which does not say which one.</summary>
    public const string CreatedByTag = "created-by";
    public const string CreatedBy = "LAMASSU";

    // https://docs.aws.amazon.com/iot/latest/apireference/API_CreateProvisioningTemplate.html
    private const int MaxName = 36;
    private const int MaxDescription = 500;

    // 80 bits of the id's hash keep the names of any two DMSs apart.
    private const int HashDigits = 20;

    /// <summary>The DMS's id where it is a template name, else its readable beginning and a hash of the whole.</summary>
    public static string Of(string dmsId)
    {
        if (TemplateName().IsMatch(dmsId))
        {
            return dmsId;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dmsId)))[..HashDigits];
        var beginning = NotInName().Replace(dmsId, "-");
        return $"{beginning[..Math.Min(beginning.Length, MaxName - HashDigits - 1)]}-{hash}";
    }

    /// <summary>The DMS's name, else its id, without what AWS takes in no description.</summary>
    public static string Description(string? dmsName, string dmsId)
    {
        var name = Clean(dmsName ?? "");
        return name.Length > 0 ? name : Clean(dmsId);
    }

    public static List<Tag> Tags(string connectorId, string dmsId) =>
    [
        new Tag { Key = CreatedByTag, Value = CreatedBy },
        new Tag { Key = ConnectorTag, Value = connectorId },
        new Tag { Key = DmsTag, Value = TagValues.Allowed(dmsId) },
    ];

    private static string Clean(string text)
    {
        var clean = NotInDescription().Replace(text, " ").Trim();
        return clean.Length <= MaxDescription ? clean : clean[..MaxDescription].TrimEnd();
    }

    [GeneratedRegex(@"^[0-9A-Za-z_-]{1,36}\z")]
    private static partial Regex TemplateName();

    [GeneratedRegex("[^0-9A-Za-z_-]")]
    private static partial Regex NotInName();

    [GeneratedRegex(@"\p{C}+")]
    private static partial Regex NotInDescription();
}
