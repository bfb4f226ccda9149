#nullable disable

using Amazon.Runtime;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT.Model;

public partial class CreateProvisioningTemplateRequest : AmazonIoTRequest
{
    public string Description { get; set; }

    public bool? Enabled { get; set; }

    public ProvisioningHook PreProvisioningHook { get; set; }

    public string ProvisioningRoleArn { get; set; }

    public List<Tag> Tags { get; set; } = Unset.List<Tag>();

    public string TemplateBody { get; set; }

    public string TemplateName { get; set; }

    public TemplateType Type { get; set; }
}

public partial class CreateProvisioningTemplateResponse : AmazonWebServiceResponse
{
    public int? DefaultVersionId { get; set; }

    public string TemplateArn { get; set; }

    public string TemplateName { get; set; }
}

public partial class DescribeProvisioningTemplateRequest : AmazonIoTRequest
{
    public string TemplateName { get; set; }
}

public partial class DescribeProvisioningTemplateResponse : AmazonWebServiceResponse
{
    public DateTime? CreationDate { get; set; }

    public int? DefaultVersionId { get; set; }

    public string Description { get; set; }

    public bool? Enabled { get; set; }

    public DateTime? LastModifiedDate { get; set; }

    public ProvisioningHook PreProvisioningHook { get; set; }

    public string ProvisioningRoleArn { get; set; }

    public string TemplateArn { get; set; }

    public string TemplateBody { get; set; }

    public string TemplateName { get; set; }

    public TemplateType Type { get; set; }
}

public partial class UpdateProvisioningTemplateRequest : AmazonIoTRequest
{
    public int? DefaultVersionId { get; set; }

    public string Description { get; set; }

    public bool? Enabled { get; set; }

    public ProvisioningHook PreProvisioningHook { get; set; }

    public string ProvisioningRoleArn { get; set; }

    public bool? RemovePreProvisioningHook { get; set; }

    public string TemplateName { get; set; }
}

public partial class UpdateProvisioningTemplateResponse : AmazonWebServiceResponse;

public partial class DeleteProvisioningTemplateRequest : AmazonIoTRequest
{
    public string TemplateName { get; set; }
}

public partial class DeleteProvisioningTemplateResponse : AmazonWebServiceResponse;

public partial class ListProvisioningTemplatesRequest : AmazonIoTRequest
{
    public int? MaxResults { get; set; }

    public string NextToken { get; set; }
}

public partial class ListProvisioningTemplatesResponse : AmazonWebServiceResponse
{
    public string NextToken { get; set; }

    public List<ProvisioningTemplateSummary> Templates { get; set; } = Unset.List<ProvisioningTemplateSummary>();
}

public partial class CreateProvisioningTemplateVersionRequest : AmazonIoTRequest
{
    public bool? SetAsDefault { get; set; }

    public string TemplateBody { get; set; }

    public string TemplateName { get; set; }
}

public partial class CreateProvisioningTemplateVersionResponse : AmazonWebServiceResponse
{
    public bool? IsDefaultVersion { get; set; }

    public string TemplateArn { get; set; }

    public string TemplateName { get; set; }

    public int? VersionId { get; set; }
}

public partial class ListProvisioningTemplateVersionsRequest : AmazonIoTRequest
{
    public int? MaxResults { get; set; }

    public string NextToken { get; set; }

    public string TemplateName { get; set; }
}

public partial class ListProvisioningTemplateVersionsResponse : AmazonWebServiceResponse
{
    public string NextToken { get; set; }

    public List<ProvisioningTemplateVersionSummary> Versions { get; set; } = Unset.List<ProvisioningTemplateVersionSummary>();
}

public partial class DeleteProvisioningTemplateVersionRequest : AmazonIoTRequest
{
    public string TemplateName { get; set; }

    public int? VersionId { get; set; }
}

public partial class DeleteProvisioningTemplateVersionResponse : AmazonWebServiceResponse;

public partial class ProvisioningHook
{
    public string PayloadVersion { get; set; }

    public string TargetArn { get; set; }
}

public partial class ProvisioningTemplateSummary
{
    public DateTime? CreationDate { get; set; }

    public string Description { get; set; }

    public bool? Enabled { get; set; }

    public DateTime? LastModifiedDate { get; set; }

    public string TemplateArn { get; set; }

    public string TemplateName { get; set; }

    public TemplateType Type { get; set; }
}

public partial class ProvisioningTemplateVersionSummary
{
    public DateTime? CreationDate { get; set; }

    public bool? IsDefaultVersion { get; set; }

    public int? VersionId { get; set; }
}
