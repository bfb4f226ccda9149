using Amazon.IoT;
using Amazon.IotData;
using Amazon.Runtime;

namespace LamassuAwsConnector.Tests.AwsIot;

/// <summary>The project stands in for two packages; what is public in it must be in them too.</summary>
public sealed class PublicSurfaceTests
{
    public static readonly string[] Operations =
    [
        "AddThingToThingGroup", "AttachPolicy", "AttachThingPrincipal", "CreatePolicy", "CreatePolicyVersion", "CreateProvisioningTemplate",
        "CreateProvisioningTemplateVersion", "CreateThingGroup", "DeleteConnection", "DeletePolicyVersion", "DeleteProvisioningTemplate",
        "DeleteProvisioningTemplateVersion", "DescribeCACertificate", "DescribeCertificate", "DescribeEndpoint", "DescribeProvisioningTemplate",
        "DescribeThing", "DescribeThingGroup", "DetachThingPrincipal", "GetConnection", "GetPolicy", "GetRegistrationCode", "GetThingShadow",
        "ListAttachedPolicies", "ListCACertificates", "ListCertificatesByCA", "ListPolicyVersions", "ListProvisioningTemplates",
        "ListProvisioningTemplateVersions", "ListTagsForResource", "ListThingGroupsForThing", "ListThingPrincipals", "RegisterCACertificate", "RegisterCertificate",
        "RegisterThing", "UpdateCACertificate", "UpdateCertificate", "UpdateProvisioningTemplate", "UpdateThingShadow",
    ];

    // Of each service, the namespaces after Model exist in the official packages only.
    private static readonly string[] Namespaces =
    [
        "Amazon.IoT", "Amazon.IoT.Model", "Amazon.IoT.Internal", "Amazon.IoT.Endpoints", "Amazon.IoT.Model.Internal.MarshallTransformations",
        "Amazon.IotData", "Amazon.IotData.Model", "Amazon.IotData.Internal", "Amazon.IotData.Endpoints",
        "Amazon.IotData.Model.Internal.MarshallTransformations",
    ];

    [Fact]
    public void Nothing_of_ours_is_public()
    {
        var types = typeof(AmazonIoTClient).Assembly.GetExportedTypes().Union(typeof(AmazonIotDataClient).Assembly.GetExportedTypes()).ToList();

        Assert.All(types, type => Assert.Contains(type.Namespace, Namespaces));
        if (typeof(AmazonIoTClient).Assembly == typeof(AmazonIotDataClient).Assembly)
        {
            Assert.Equal(
                ["Amazon.IoT", "Amazon.IoT.Model", "Amazon.IotData", "Amazon.IotData.Model"],
                types.Select(type => type.Namespace).Distinct().Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void No_public_member_shows_a_type_of_ours()
    {
        var shown =
            from type in typeof(AmazonIoTClient).Assembly.GetExportedTypes()
            from member in type.GetMembers()
            where member.DeclaringType == type
            from part in member switch
            {
                System.Reflection.MethodBase method => method.GetParameters().Select(parameter => parameter.ParameterType),
                System.Reflection.PropertyInfo property => [property.PropertyType],
                System.Reflection.FieldInfo field => [field.FieldType],
                _ => [],
            }
            where part.Namespace!.StartsWith("LamassuAwsConnector", StringComparison.Ordinal)
            select $"{type.Name}.{member.Name}";

        Assert.Empty(shown);
    }

    [Fact]
    public void Each_operation_has_a_request_a_response_and_a_virtual_method_on_the_client()
    {
        foreach (var operation in Operations)
        {
            var onInterface = AwsClients.Method("iot", operation) ?? AwsClients.Method("iot-data", operation);
            Assert.NotNull(onInterface);
            var (client, service, baseRequest) = onInterface.DeclaringType == typeof(IAmazonIoT)
                ? (typeof(AmazonIoTClient), "Amazon.IoT", typeof(AmazonIoTRequest))
                : (typeof(AmazonIotDataClient), "Amazon.IotData", typeof(AmazonIotDataRequest));
            var parameters = onInterface.GetParameters();
            Assert.Equal(
                [$"{service}.Model.{operation}Request", typeof(CancellationToken).FullName],
                parameters.Select(parameter => parameter.ParameterType.FullName));
            Assert.True(parameters[0].ParameterType.IsSubclassOf(baseRequest));
            Assert.True(parameters[1].HasDefaultValue);
            var response = onInterface.ReturnType.GetGenericArguments().Single();
            Assert.Equal($"{service}.Model.{operation}Response", response.FullName);
            Assert.True(response.IsSubclassOf(typeof(AmazonWebServiceResponse)));
            Assert.True(client.GetMethod(onInterface.Name)!.IsVirtual);
            Assert.False(client.GetMethod(onInterface.Name)!.IsFinal);
        }
    }

    [Fact]
    public void The_clients_have_the_constructors_of_the_official_ones()
    {
        Assert.Equal(
            [
                "", "AWSCredentials", "AWSCredentials, AmazonIoTConfig", "AWSCredentials, RegionEndpoint", "AmazonIoTConfig", "RegionEndpoint",
                "String, String", "String, String, AmazonIoTConfig", "String, String, RegionEndpoint",
                "String, String, String", "String, String, String, AmazonIoTConfig", "String, String, String, RegionEndpoint",
            ],
            Constructors(typeof(AmazonIoTClient)));
        Assert.Equal(
            [
                "AWSCredentials, AmazonIotDataConfig", "AmazonIotDataConfig", "String", "String, AWSCredentials", "String, String, AmazonIotDataConfig",
                "String, String, String", "String, String, String, AmazonIotDataConfig", "String, String, String, String",
            ],
            Constructors(typeof(AmazonIotDataClient)));

        static IEnumerable<string> Constructors(Type client) => client.GetConstructors()
            .Select(constructor => string.Join(", ", constructor.GetParameters().Select(parameter => parameter.ParameterType.Name)))
            .Order(StringComparer.Ordinal);
    }
}
